import {
  audit,
  Conflict,
  Forbidden,
  isDuplicateKey,
  NotFound,
  now,
  scopeOf,
  type Actor,
  type Id,
} from '#core'
import { BadgeModel, type Badge, type Criterion, type Texts } from './models.js'

const manage = 'badges:manage'

/** Icons that a badge may carry. */
export const icons = [
  'award',
  'trophy',
  'star',
  'mortarboard',
  'people',
  'chat-heart',
  'lightbulb',
  'shield-check',
  'compass',
  'rocket-takeoff',
  'flag',
  'heart',
] as const

/** The badges of the actor's institution and of the units where the actor makes them, the latest first. */
export const knownBadges = (actor: Actor): Promise<Badge[]> =>
  BadgeModel.find(knownTo(actor)).sort({ createdAt: -1, _id: 1 }).lean<Badge[]>().exec()

/** One of these. Throws `NotFound`. */
export async function findBadge(actor: Actor, id: Id): Promise<Badge> {
  const badge = await BadgeModel.findOne({ ...knownTo(actor), _id: id }).lean<Badge>()
  if (!badge) throw new NotFound()
  return badge
}

/** Badges by id, whoever asks: for awards the reader may see. */
export async function badgesById(ids: readonly Id[]): Promise<Map<Id, Badge>> {
  const wanted = [...new Set(ids)]
  const found =
    wanted.length > 0 ? await BadgeModel.find({ _id: { $in: wanted } }).lean<Badge[]>() : []
  return new Map(found.map((badge) => [badge._id, badge]))
}

export interface NewBadge {
  /** A form's hidden id: sent twice, it creates once. */
  readonly id: Id
  readonly title: Texts
  readonly description: Texts
  readonly icon: string
  readonly criterion: Criterion
}

/** Makes a badge for the actor's institution. Throws `Forbidden` for whoever works for none. */
export async function createBadge(
  actor: Actor,
  { id, ...given }: NewBadge,
): Promise<Badge & { isNew: boolean }> {
  const unit = actor.institution ?? scopeOf(actor, manage).units[0]
  if (!unit) throw new Forbidden()
  const badge: Badge = { _id: id, ...given, unit, author: actor.person ?? '', createdAt: now() }
  try {
    await BadgeModel.create(badge)
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
    return { ...(await ownAgain(badge)), isNew: false }
  }
  await audit(actor, 'badges:created', { object: id, details: { title: given.title.en } })
  return { ...badge, isNew: true }
}

/** Changes how a badge reads and looks. What earns it stays. */
export async function changeBadge(
  actor: Actor,
  { _id }: Badge,
  change: Pick<Badge, 'title' | 'description' | 'icon'>,
): Promise<void> {
  await BadgeModel.updateOne({ _id }, { $set: change })
  await audit(actor, 'badges:changed', { object: _id, details: { title: change.title.en } })
}

/** Ends a badge: nobody more is awarded it, and whoever holds it keeps it. */
export async function retireBadge(actor: Actor, { _id }: Badge): Promise<void> {
  const { modifiedCount } = await BadgeModel.updateOne(
    { _id, retiredAt: { $exists: false } },
    { $set: { retiredAt: now() } },
  )
  if (modifiedCount > 0) await audit(actor, 'badges:retired', { object: _id })
}

/** A few badges, for the access test. */
export const someBadges = (): Promise<Badge[]> =>
  BadgeModel.find().sort({ _id: 1 }).limit(4).lean<Badge[]>().exec()

function knownTo(actor: Actor) {
  const { everything, units } = scopeOf(actor, manage)
  const known = [...units, ...(actor.institution ? [actor.institution] : [])]
  return everything ? {} : { unit: { $in: known } }
}

async function ownAgain({ _id, author }: Badge): Promise<Badge> {
  const same = await BadgeModel.findOne({ _id, author }).lean<Badge>()
  if (!same) throw new Conflict('badges:id-taken')
  return same
}
