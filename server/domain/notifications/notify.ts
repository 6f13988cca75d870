import { NotFound } from '../../errors.js'
import type { Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { isDuplicateKey } from '../../platform/database.js'
import { translator } from '../../platform/i18n.js'
import { owes, settle } from '../../platform/owed.js'
import { sendToPerson } from '../../platform/realtime.js'
import { findPerson, type Person } from '../people/people.js'
import type { NotificationKind } from './contract.js'
import { recountUnread } from './inbox.js'
import { presented } from './kinds.js'
import { mailNotification } from './mailing.js'
import { NotificationModel, type Notification } from './models.js'
import { mailingFor } from './preferences.js'

/**
 * Tells a person something, once per `key`: an entry in the inbox, a toast on the pages that are open, mail as the
 * person wishes. It holds names, ids, and what was
 * written to this person; nothing is told to an account that is closed.
 */
export async function notify<D>(
  person: Id,
  kind: NotificationKind<D>,
  { data, key }: { readonly data: D; readonly key: string },
): Promise<void> {
  if (!(await recipient(person))) return
  const notification: Notification = {
    _id: `${person}:${kind.id}:${key}`,
    person,
    kind: kind.id,
    data,
    at: now(),
    unread: true,
    revision: 1,
    owed: ['count', 'toast', 'mail'],
  }
  try {
    await NotificationModel.create(notification)
  } catch (error) {
    if (isDuplicateKey(error)) return
    throw error
  }
  await settle(NotificationModel, notification._id)
}

owes<Notification>(NotificationModel, {
  count: ({ person }) => recountUnread(person),
  toast: async (notification) => {
    const { language } = (await recipient(notification.person)) ?? {}
    if (!language) return
    const said = presented(notification, translator(language), language)
    if (said) sendToPerson(notification.person, 'toast', said)
  },
  mail: async (notification) => {
    const person = await recipient(notification.person)
    if (!person) return
    const mailing = await mailingFor(person._id, notification.kind)
    if (mailing === 'at-once') await mailNotification(person, notification)
    if (mailing === 'digest') {
      await NotificationModel.updateOne({ _id: notification._id }, { $set: { digest: true } })
    }
  },
})

async function recipient(id: Id): Promise<Person | undefined> {
  try {
    const person = await findPerson(id)
    return person.status === 'deactivated' ? undefined : person
  } catch (error) {
    if (error instanceof NotFound) return undefined
    throw error
  }
}
