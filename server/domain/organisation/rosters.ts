import type { Id } from '../../kernel/contract.js'
import { insertMissing } from '../../platform/database.js'
import { PlacementModel, PostModel, UnitModel } from './models.js'
import type { Holder, Placement, Post, Unit } from './models.js'
import { announceMoved, peopleAround, placePeople } from './placing.js'

export type { Altitude, Holder, Placement, Post, Unit, UnitKind } from './models.js'
export { covers, ownPost } from './holding.js'

/** All units of a unit's house, itself included, and all their posts. */
export async function houseOf(unit: Id): Promise<{ units: Unit[]; posts: Post[] }> {
  const [units, posts] = await Promise.all([
    UnitModel.find({ units: unit }).lean<Unit[]>(),
    PostModel.find({ units: unit }).lean<Post[]>(),
  ])
  return { units, posts }
}

/** Where people without a post belong and belonged, the latest first. */
export const placementsOf = (people: readonly Id[]): Promise<Placement[]> =>
  PlacementModel.find({ person: { $in: [...people] } })
    .sort({ from: -1 })
    .lean<Placement[]>()
    .exec()

/** The posts that some people hold or held. */
export const postsOfPeople = (people: readonly Id[]): Promise<Post[]> =>
  PostModel.find({ 'holders.person': { $in: [...people] } })
    .lean<Post[]>()
    .exec()

/** A period of a placement, or of a holder of a post, that ends on another day than it was to. */
export interface Ended {
  readonly id: Id
  readonly person: Id
  readonly from: Date
  readonly before: Date | null
  readonly to: Date | null
}

export interface Held extends Holder {
  readonly post: Id
}

/** How a post's place in the house changes. */
export interface Rearranged {
  readonly id: Id
  readonly before: PostPlace
  readonly after: PostPlace
}
type PostPlace = Pick<Post, 'altitude' | 'reportsTo' | 'reportsSince' | 'formerLines'>

/** What a roster changes of a house: written as it stands here, or taken back. */
export interface HouseChange {
  readonly units: readonly Unit[]
  readonly posts: readonly Post[]
  readonly rearranged: readonly Rearranged[]
  readonly placements: readonly Placement[]
  readonly endedPlacements: readonly Ended[]
  readonly holders: readonly Held[]
  readonly endedHolders: readonly Ended[]
}

/** Writes what a roster changes. Written again, it changes nothing. */
export async function writeHouse(change: HouseChange): Promise<void> {
  await insertMissing(UnitModel, change.units)
  await insertMissing(PostModel, change.posts)
  await rearrange(change.rearranged.map(({ id, after }) => ({ id, place: after })))
  await end(change.endedPlacements.map(({ id, to }) => ({ id, to })))
  await insertMissing(PlacementModel, change.placements)
  await endHolding(change.endedHolders.map((ended) => ({ ...ended, was: ended.before })))
  await hold(change.holders)
}

/** Takes back what a roster changed, the last first. Taken back again, it changes nothing. */
export async function takeBackHouse(change: HouseChange): Promise<void> {
  await letGo(change.holders)
  await endHolding(
    change.endedHolders.map((ended) => ({ ...ended, was: ended.to, to: ended.before })),
  )
  await PlacementModel.deleteMany({ _id: { $in: change.placements.map(({ _id }) => _id) } })
  await end(change.endedPlacements.map(({ id, before }) => ({ id, to: before })))
  await rearrange(change.rearranged.map(({ id, before }) => ({ id, place: before })))
}

/** Removes posts nobody ever held and nobody reports to, then units that nobody and nothing is left in. */
export async function removeEmpty(posts: readonly Id[], units: readonly Unit[]): Promise<void> {
  await PostModel.deleteMany({ _id: { $in: await unusedPosts(posts) } })
  const deepestFirst = units.toSorted((a, b) => b.units.length - a.units.length)
  for (const { _id } of deepestFirst) {
    if (await isEmpty(_id)) await UnitModel.deleteOne({ _id })
  }
}

/** Tells of people who were there from the start where they belong. */
export const tellPlaced = (people: readonly Id[]): Promise<void> => announceMoved(people)

/** Works out anew where everybody belongs whom the posts or the people given concern. */
export async function placeAround(people: readonly Id[], posts: readonly Id[]): Promise<void> {
  const found =
    posts.length > 0 ? await PostModel.find({ _id: { $in: [...posts] } }).lean<Post[]>() : []
  const concerned = [...people, ...(await peopleAround(found))]
  if (concerned.length > 0) await placePeople(concerned)
}

async function rearrange(places: readonly { id: Id; place: PostPlace }[]): Promise<void> {
  if (places.length === 0) return
  await PostModel.bulkWrite(
    places.map(({ id, place }) => ({
      updateOne: { filter: { _id: id }, update: { $set: { ...place }, ...changed } },
    })),
  )
}

async function end(periods: readonly { id: Id; to: Date | null }[]): Promise<void> {
  if (periods.length === 0) return
  await PlacementModel.bulkWrite(
    periods.map(({ id, to }) => ({
      updateOne: { filter: { _id: id }, update: { $set: { to } } },
    })),
  )
}

/** Only where it still ends as it did: what somebody changed meanwhile stays. */
async function endHolding(ended: readonly (Ended & { was: Date | null })[]): Promise<void> {
  if (ended.length === 0) return
  await PostModel.bulkWrite(
    ended.map(({ id, person, from, was, to }) => {
      const held = { person, from, as: 'holder' as const, to: was }
      return {
        updateOne: {
          filter: { _id: id, holders: { $elemMatch: held } },
          update: { $set: { 'holders.$.to': to }, ...changed },
        },
      }
    }),
  )
}

async function hold(holders: readonly Held[]): Promise<void> {
  if (holders.length === 0) return
  await PostModel.bulkWrite(
    holders.map(({ post, ...holder }) => {
      const same = { person: holder.person, from: holder.from, as: holder.as }
      return {
        updateOne: {
          filter: { _id: post, holders: { $not: { $elemMatch: same } } },
          update: { $push: { holders: holder }, ...changed },
        },
      }
    }),
  )
}

async function letGo(holders: readonly Held[]): Promise<void> {
  if (holders.length === 0) return
  await PostModel.bulkWrite(
    holders.map(({ post, person, from, as }) => ({
      updateOne: {
        filter: { _id: post },
        update: { $pull: { holders: { person, from, as } }, ...changed },
      },
    })),
  )
}

/** Whoever edits a post meanwhile is told that it has changed. */
const changed = { $inc: { revision: 1 } } as const

async function unusedPosts(ids: readonly Id[]): Promise<Id[]> {
  const [empty, above] = await Promise.all([
    PostModel.find({ _id: { $in: [...ids] }, holders: [] }, { _id: 1 }).lean<{ _id: Id }[]>(),
    PostModel.find(
      { reportsTo: { $in: [...ids] }, _id: { $nin: [...ids] } },
      { reportsTo: 1 },
    ).lean<Pick<Post, 'reportsTo'>[]>(),
  ])
  const needed = new Set(above.map(({ reportsTo }) => reportsTo))
  return empty.map(({ _id }) => _id).filter((id) => !needed.has(id))
}

async function isEmpty(unit: Id): Promise<boolean> {
  const left = await Promise.all([
    UnitModel.exists({ parent: unit }),
    PostModel.exists({ units: unit }),
    PlacementModel.exists({ unit }),
  ])
  return left.every((one) => one === null)
}
