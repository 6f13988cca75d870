import { z } from 'zod'
import { wantsJson } from '../../http/headers.js'
import { listQuery, pageOf, toPage, windowOf } from '../../http/lists.js'
import { byToken, goesTo, routes, shows, signedIn, subject, takes } from '../../http/routes.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { mailings } from './contract.js'
import {
  countOwn,
  markAllRead,
  markRead,
  ownInbox,
  ownNotification,
  someNotifications,
} from './inbox.js'
import { kindLabel } from './kinds.js'
import type { Notification } from './models.js'
import { chooseMailings, ownMailings, readStop, stopMails } from './preferences.js'

const entry = z.object({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  body: z.string().nullable(),
  href: z.string(),
  icon: z.string(),
  at: z.iso.datetime(),
  read: z.boolean(),
})

const nothing = z.strictObject({})

/** `:notification`, for the person who was told. */
const onNotification = subject({
  name: 'notification',
  load: (actor: Actor, id: Id) => ownNotification(actor, id),
  owned: ({ person }: Notification) => ({ person }),
  sample: async () => (await someNotifications()).map(({ _id, person }) => ({ id: _id, person })),
})

const stopToken = byToken('a signature in the path, made for one person and one kind of mail')
const stopShown = z.object({ label: z.string(), stopped: z.boolean(), path: z.string() })

export const inboxRoutes = routes('/notifications', (route) => {
  route.get(
    '/',
    signedIn(),
    shows('notifications:inbox', pageOf(entry).extend({ unread: z.number().int() }), {
      query: listQuery,
      duringSupport: false,
    }),
    async ({ actor, t, language, query }) => {
      const [entries, total] = await Promise.all([
        ownInbox({ actor, t, language }, windowOf(query)),
        countOwn(actor),
      ])
      const page = toPage(entries, total, { path: '/notifications', query })
      return { ...page, unread: actor.unread ?? 0 }
    },
  )

  route.post('/read', signedIn(), takes(nothing), goesTo('/notifications'), ({ actor }) =>
    markAllRead(actor),
  )

  route.post(
    '/:notification/read',
    signedIn(onNotification),
    takes(nothing),
    goesTo('/notifications', { schema: entry }),
    async ({ actor, t, language, notification, req, res }) => {
      const read = await markRead({ actor, t, language }, notification)
      // A reader who opens an entry goes to what it is about.
      if (!wantsJson(req)) res.redirect(303, read.href)
      return read
    },
  )
})

/** For those who came from a mail, signed in or not. */
export const stopRoutes = routes('/notifications/stop', (route) => {
  route.get('/:token', stopToken, shows('notifications:stop', stopShown), async ({ params, t }) => {
    const token = params.token ?? ''
    const { kind, stopped } = await readStop(token)
    return { label: kindLabel(kind, t), stopped, path: `/notifications/stop/${token}` }
  })

  route.post(
    '/:token',
    stopToken,
    // RFC 8058 §3.1: what a mail program posts.
    takes(z.strictObject({ 'List-Unsubscribe': z.literal('One-Click').optional() })),
    goesTo('/notifications/stop/:token'),
    ({ params }) => stopMails(params.token ?? ''),
  )
})

const preferencesShown = z.object({
  kinds: z.array(z.object({ kind: z.string(), label: z.string(), mail: z.enum(mailings) })),
})

export const preferenceRoutes = routes('/me/notifications', (route) => {
  route.get(
    '/',
    signedIn(),
    shows('notifications:preferences', preferencesShown),
    async ({ actor, t }) => ({ kinds: await ownMailings(actor, t) }),
  )

  route.post(
    '/',
    signedIn(),
    takes(z.record(z.string(), z.enum(mailings))),
    goesTo('/me/notifications', { said: 'notifications:preferences.done' }),
    ({ actor, form }) => chooseMailings(actor, form),
  )
})
