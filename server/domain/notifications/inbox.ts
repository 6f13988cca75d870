import { NotFound } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import type { Translate } from '../../platform/i18n.js'
import { setUnread } from '../people/people.js'
import { knownKinds, presented } from './kinds.js'
import { NotificationModel, type Notification } from './models.js'

/** A notification as its person reads it. */
export interface InboxEntry {
  readonly id: Id
  readonly kind: string
  readonly title: string
  readonly body: string | null
  readonly href: string
  readonly icon: string
  readonly at: string
  readonly read: boolean
}

interface Reader {
  readonly actor: Actor
  readonly t: Translate
  readonly language: string
}

/** The actor's own inbox, the latest first; `limit` of them after `skip`. */
export async function ownInbox(
  reader: Reader,
  { skip, limit, unread = false }: { skip: number; limit: number; unread?: boolean },
): Promise<InboxEntry[]> {
  const filter = { ...ownFilter(reader.actor), ...(unread && { unread: true as const }) }
  const found = await NotificationModel.find(filter)
    .sort({ at: -1, _id: 1 })
    .skip(skip)
    .limit(limit)
    .lean<Notification[]>()
  return found.flatMap((notification) => entryOf(notification, reader) ?? [])
}

export const countOwn = (actor: Actor): Promise<number> =>
  NotificationModel.countDocuments(ownFilter(actor)).exec()

/** One of the actor's own notifications. Throws `NotFound`, for those of others too. */
export async function ownNotification({ person }: Actor, id: Id): Promise<Notification> {
  const found = await NotificationModel.findOne({
    _id: id,
    person: person ?? '',
  }).lean<Notification>()
  if (!found) throw new NotFound()
  return found
}

/** Marks a notification of the actor's as read. Returns it as it is shown. */
export async function markRead(reader: Reader, notification: Notification): Promise<InboxEntry> {
  const entry = entryOf(notification, reader)
  if (!entry) throw new NotFound()
  await NotificationModel.updateOne({ _id: notification._id }, { $unset: { unread: 1 } })
  await recountUnread(notification.person)
  return { ...entry, read: true }
}

/** Marks everything the actor was told as read. */
export async function markAllRead({ person }: Actor): Promise<void> {
  if (!person) return
  await NotificationModel.updateMany({ person, unread: true }, { $unset: { unread: 1 } })
  await recountUnread(person)
}

/**
 * Writes the number of unread notifications where pages read it. Two at once end with the right number: whoever writes
 * last looks again after writing.
 */
export async function recountUnread(person: Id): Promise<void> {
  let written: number | undefined
  for (;;) {
    const unread = await NotificationModel.countDocuments({
      person,
      unread: true,
      kind: { $in: knownKinds() },
    })
    if (unread === written) return
    await setUnread(person, unread)
    written = unread
  }
}

/** A few notifications of different people, for the access test. */
export const someNotifications = (): Promise<Pick<Notification, '_id' | 'person'>[]> =>
  NotificationModel.find({}, { person: 1 }).sort({ _id: 1 }).limit(6).lean<Notification[]>().exec()

const ownFilter = ({ person }: Actor) => ({ person: person ?? '', kind: { $in: knownKinds() } })

function entryOf(notification: Notification, { t, language }: Reader): InboxEntry | undefined {
  const said = presented(notification, t, language)
  return (
    said && {
      id: notification._id,
      kind: notification.kind,
      title: said.title,
      body: said.body ?? null,
      href: said.href,
      icon: said.icon,
      at: notification.at.toISOString(),
      read: !notification.unread,
    }
  )
}
