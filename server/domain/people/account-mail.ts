import { z } from 'zod'
import type { Id } from '../../kernel/contract.js'
import { formatFor } from '../../http/format.js'
import { now } from '../../platform/clock.js'
import { translator } from '../../platform/i18n.js'
import { enqueue, type Job } from '../../platform/jobs.js'
import { deliverMail } from '../../platform/mail.js'
import { hashOf } from './hashing.js'
import { makeLink } from './links.js'
import type { Person } from './models.js'
import { findPerson, peopleByStaffNumber, personByEmail } from './people.js'

const wanted = z.discriminatedUnion('purpose', [
  z.object({ purpose: z.literal('reset'), email: z.string(), key: z.string() }),
  z.object({ purpose: z.literal('invitation'), person: z.string(), key: z.string() }),
])

/** Makes a link and mails it in one go, so that no queue ever holds it. Nobody is written to at an unknown address. */
export const sendLink: Job<z.infer<typeof wanted>> = {
  id: 'people:send-link',
  payload: wanted,
  async run(mail) {
    const person =
      mail.purpose === 'reset' ? await personByEmail(mail.email) : await findPerson(mail.person)
    const due = mail.purpose === 'reset' ? 'active' : 'invited'
    if (person?.status === due) await deliver(person, mail)
  },
}

/** What the owner of an account is told of it by mail. */
const news = [
  'factor-added',
  'factor-removed',
  'factors-reset',
  'recovery-code-used',
  'tried',
] as const

export type AccountNews = (typeof news)[number]

const told = z.object({ person: z.string(), news: z.enum(news), at: z.coerce.date() })

/** Mails the owner of an account what was done to it. */
export const tellOwner: Job<z.infer<typeof told>> = {
  id: 'people:tell-owner',
  payload: told,
  async run({ person, news: what, at }) {
    const { email, name, language, timeZone } = await findPerson(person)
    if (!email) return
    const t = translator(language)
    await deliverMail.run({
      to: email,
      subject: t(`people:mail.${what}-subject`),
      text: t(`people:mail.${what}-text`, { name, at: formatFor(language, timeZone).dateTime(at) }),
      key: `${what}-${person}-${Number(at)}`,
    })
  },
}

/** Has the owner of an account told by mail what was done to it, once per `key`. */
export async function tellPerson(person: Id, what: AccountNews, key: string): Promise<void> {
  await enqueue(tellOwner, { person, news: what, at: now() }, { key: `${what}:${key}` })
}

const tried = z.object({ account: z.string() })

/** Tells whoever owns an account, if anybody does, that it is tried again and again. */
export const tellOfTriesJob: Job<z.infer<typeof tried>> = {
  id: 'people:tell-of-tries',
  payload: tried,
  async run({ account }) {
    const owners = account.includes('@')
      ? [await personByEmail(account)]
      : await peopleByStaffNumber(account)
    for (const owner of owners) {
      if (owner?.status === 'active') await tellPerson(owner._id, 'tried', `${owner._id}:${hour()}`)
    }
  },
}

/** Has the owner of an account told, at most once an hour, that it is tried again and again. Does the same for nobody's. */
export async function tellOfTries(account: string): Promise<void> {
  await enqueue(tellOfTriesJob, { account }, { key: `${hashOf(account)}:${hour()}` })
}

const hour = (): number => Math.floor(Number(now()) / 3_600_000)

/** Has a link to choose a new password mailed, if the address is somebody's. Answers the same in either case. */
export async function askReset(email: string, requestId: string): Promise<void> {
  await enqueue(sendLink, { purpose: 'reset', email, key: requestId }, { key: requestId })
}

/** Has a link to set up the account mailed. The same `key` is one mail. */
export async function invite(person: Id, key: string): Promise<void> {
  await enqueue(sendLink, { purpose: 'invitation', person, key }, { key })
}

async function deliver(
  { _id, email, name, language }: Person,
  { purpose, key }: z.infer<typeof wanted>,
): Promise<void> {
  if (!email) return
  const t = translator(language)
  const link = await makeLink(purpose, _id)
  await deliverMail.run({
    to: email,
    subject: t(`people:mail.${purpose}-subject`),
    text: t(`people:mail.${purpose}-text`, { name, link }),
    key: `${purpose}-${key}`,
  })
}
