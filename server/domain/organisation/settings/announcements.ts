import { randomUUID } from 'node:crypto'
import { NotFound } from '../../../errors.js'
import type { Actor, Id } from '../../../kernel/contract.js'
import { isDuplicateKey } from '../../../platform/database.js'
import { audit } from '../../people/audit.js'
import { readLooks } from './looks.js'
import { AnnouncementModel, type StoredAnnouncement } from './models.js'
import { ownInstitution } from './settings.js'

export type { StoredAnnouncement } from './models.js'

/** What is announced, without whose it is. */
export type AnnouncementText = Omit<StoredAnnouncement, '_id' | 'institution'>

interface AnnouncementWindow {
  readonly order: Readonly<Record<string, 1 | -1>>
  readonly skip: number
  readonly limit: number
}

/** The announcements of the actor's institution, those that are over as well. */
export async function ownAnnouncements(
  actor: Actor,
  { order, skip, limit }: AnnouncementWindow,
): Promise<{ announcements: StoredAnnouncement[]; total: number }> {
  const { _id: institution } = await ownInstitution(actor)
  const [announcements, total] = await Promise.all([
    AnnouncementModel.find({ institution })
      .sort(order)
      .skip(skip)
      .limit(limit)
      .lean<StoredAnnouncement[]>(),
    AnnouncementModel.countDocuments({ institution }),
  ])
  return { announcements, total }
}

/** An announcement of the actor's institution. Throws `NotFound`. */
export async function findAnnouncement(
  { kind, institution = '' }: Actor,
  _id: Id,
): Promise<StoredAnnouncement> {
  const within = kind === 'system' ? { _id } : { _id, institution }
  const found = await AnnouncementModel.findOne(within).lean<StoredAnnouncement>()
  if (!found) throw new NotFound()
  return found
}

/** A few announcements, for the access test. */
export const someAnnouncements = (): Promise<StoredAnnouncement[]> =>
  AnnouncementModel.find({}).limit(6).lean<StoredAnnouncement[]>().exec()

/** Announces something in the actor's institution. The same id twice announces it once. */
export async function announceToAll(
  actor: Actor,
  { id = randomUUID(), ...text }: AnnouncementText & { readonly id?: Id | undefined },
): Promise<StoredAnnouncement & { isNew: boolean }> {
  const { _id: institution } = await ownInstitution(actor)
  const announcement = { _id: id, institution, ...text }
  try {
    await AnnouncementModel.create(announcement)
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
    return { ...(await findAnnouncement(actor, id)), isNew: false }
  }
  await told(actor, 'organisation:announcement-made', announcement)
  return { ...announcement, isNew: true }
}

/** Says something else, or on other days. Who has closed it does not see it again. */
export async function changeAnnouncement(
  actor: Actor,
  { _id, institution }: StoredAnnouncement,
  text: AnnouncementText,
): Promise<void> {
  await AnnouncementModel.updateOne({ _id }, { $set: text })
  await told(actor, 'organisation:announcement-changed', { _id, institution, ...text })
}

/** Takes an announcement away from every page. */
export async function removeAnnouncement(
  actor: Actor,
  announcement: StoredAnnouncement,
): Promise<void> {
  const { deletedCount } = await AnnouncementModel.deleteOne({ _id: announcement._id })
  if (deletedCount > 0) await told(actor, 'organisation:announcement-removed', announcement)
}

async function told(
  actor: Actor,
  action: `organisation:announcement-${string}`,
  { _id, texts, from, until }: StoredAnnouncement,
): Promise<void> {
  const [text = ''] = Object.values(texts)
  await audit(actor, action, { object: _id, details: { text: text.slice(0, 100), from, until } })
  await readLooks()
}
