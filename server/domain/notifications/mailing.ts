import { z } from 'zod'
import { html } from '../../http/safe-html.js'
import type { Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { translator } from '../../platform/i18n.js'
import { enqueue, type Job } from '../../platform/jobs.js'
import { absoluteUrl, sendMail } from '../../platform/mail.js'
import { findPerson, type Person } from '../people/people.js'
import type { Presented } from './contract.js'
import { kindLabel, kindOf, presented } from './kinds.js'
import { NotificationModel, type Notification } from './models.js'
import { stopPath } from './preferences.js'

const mostInDigest = 50

/** Mails one notification, in its reader's language. Sent again, it is the same mail. */
export async function mailNotification(person: Person, notification: Notification): Promise<void> {
  const { language, email, name, _id } = person
  const t = translator(language)
  const said = presented(notification, t, language)
  if (!said || !email || person.status !== 'active') return
  const stop = isAlways(notification) ? undefined : absoluteUrl(stopPath(_id, notification.kind))
  const foot = stop
    ? t('notifications:mail.stop', { kind: kindLabel(notification.kind, t), link: stop })
    : t('notifications:mail.always')
  const greeting = t('notifications:mail.greeting', { name })
  await sendMail(
    {
      to: email,
      subject: said.title,
      text: [greeting, inText(said), foot].join('\n\n'),
      html: String(
        html`<p>${greeting}</p>
          ${inHtml(said)}
          <p><small>${foot}</small></p>`,
      ),
      ...(stop && { unsubscribe: stop }),
    },
    `notification:${notification._id}`,
  )
}

const isAlways = ({ kind }: Notification): boolean => Boolean(kindOf(kind)?.always)

/** Once a day: has a digest made for each person whom something waits for. */
export const sendDigests: Job = {
  id: 'notifications:send-digests',
  dailyAt: '05:30',
  async run() {
    const until = now().toISOString()
    const waiting = await NotificationModel.aggregate<{ _id: Id }>([
      { $match: { digest: true } },
      { $group: { _id: '$person' } },
    ])
    for (const { _id: person } of waiting) {
      const key = `${person}:${until.slice(0, 10)}`
      await enqueue(sendDigest, { person, until, key }, { key })
    }
  },
}

const wanted = z.object({ person: z.string(), until: z.iso.datetime(), key: z.string() })

/** Mails one person what has waited for the digest and was not read meanwhile. */
export const sendDigest: Job<z.infer<typeof wanted>> = {
  id: 'notifications:send-digest',
  payload: wanted,
  async run({ person: id, until, key }) {
    const due = { person: id, digest: true as const, at: { $lte: new Date(until) } }
    const person = await findPerson(id)
    const found = await NotificationModel.find({ ...due, unread: true })
      .sort({ at: 1 })
      .limit(mostInDigest)
      .lean<Notification[]>()
    if (found.length > 0 && person.status === 'active') await mailDigest(person, found, key)
    await NotificationModel.updateMany(due, { $unset: { digest: 1 } })
  },
}

async function mailDigest(
  { email, name, language }: Person,
  found: readonly Notification[],
  key: string,
): Promise<void> {
  const t = translator(language)
  const said = found.flatMap((notification) => presented(notification, t, language) ?? [])
  if (said.length === 0 || !email) return
  const greeting = t('notifications:mail.digest-greeting', { name, count: said.length })
  const foot = t('notifications:mail.choose', { link: absoluteUrl('/me/notifications') })
  await sendMail(
    {
      to: email,
      subject: t('notifications:mail.digest-subject', { count: said.length }),
      text: [greeting, ...said.map(inText), foot].join('\n\n'),
      html: String(
        html`<p>${greeting}</p>
          ${said.map(inHtml)}
          <p><small>${foot}</small></p>`,
      ),
    },
    `digest:${key}`,
  )
}

const inText = ({ title, body, href }: Presented): string =>
  [title, body, absoluteUrl(href)].filter(Boolean).join('\n')

const inHtml = ({ title, body, href }: Presented) =>
  html`<p>
    <a href="${absoluteUrl(href)}"><strong>${title}</strong></a
    >${(body ?? '').split('\n').map((line) => html`<br />${line}`)}
  </p>`
