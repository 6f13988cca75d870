import type { Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import type { PersonPlace } from '../people/people.js'
import { covers, managerAt, ownPost } from './holding.js'
import { PlacementModel, PostModel, UnitModel, type Altitude, type Placement } from './models.js'
import type { InLanguages, Post, Profile, Unit } from './models.js'

export { altitudes, type Altitude } from './models.js'

/** The post somebody holds. */
export interface Position {
  readonly post: Id
  readonly title: string
  readonly titles?: InLanguages
  readonly unit: Id
  readonly altitude: Altitude
  readonly profile?: Profile
}

/** The post a person holds at a moment, today by default. */
export async function postOf(person: Id, at = now()): Promise<Position | undefined> {
  return (await postsOf([person], at)).get(person)
}

/** The posts of several people at a moment. */
export async function postsOf(people: readonly Id[], at = now()): Promise<Map<Id, Position>> {
  const posts = await PostModel.find({ 'holders.person': { $in: people } }).lean<Post[]>()
  const held = people.flatMap((person): [Id, Position][] => {
    const post = ownPost(posts, person, at)
    return post ? [[person, positionOf(post)]] : []
  })
  return new Map(held)
}

/** Every post a person held or holds, with its dates, the latest first. */
export async function careerOf(
  person: Id,
): Promise<(Position & { from: Date; to: Date | null; as: string })[]> {
  const posts = await PostModel.find({ 'holders.person': person }).lean<Post[]>()
  return posts
    .flatMap((post) =>
      post.holders
        .filter((holder) => holder.person === person)
        .map(({ from, to, as }) => ({ ...positionOf(post), from, to: to ?? null, as })),
    )
    .sort((a, b) => Number(b.from) - Number(a.from))
}

/** A person's line manager at a moment. */
export async function managerOf(person: Id, at = now()): Promise<Id | null> {
  return managerAt(await postsAbove([person]), person, at)
}

/** Who reports to a person at a moment. */
export async function reportsOf(manager: Id, at = now()): Promise<Id[]> {
  const led = await PostModel.find({ 'holders.person': manager }).lean<Post[]>()
  const below = await postsBelow(led)
  const people = [...new Set(below.flatMap(({ holders }) => holders.map(({ person }) => person)))]
  const above = await postsAbove(people)
  return people.filter((person) => managerAt(above, person, at) === manager)
}

/** Who has the same manager at a moment, the person left out. */
export async function peersOf(person: Id, at = now()): Promise<Id[]> {
  const manager = await managerOf(person, at)
  if (!manager) return []
  return (await reportsOf(manager, at)).filter((peer) => peer !== person)
}

/** Where people belong at a moment: by their post, else by their placement, else to their last institution alone. */
export async function placesOf(people: readonly Id[], at = now()): Promise<Map<Id, PersonPlace>> {
  const [posts, placements] = await Promise.all([
    postsAbove(people),
    PlacementModel.find({ person: { $in: people } })
      .sort({ from: -1 })
      .lean<Placement[]>(),
  ])
  const held = [...posts.values()]
  const unitOf = (person: Id): Id | undefined =>
    ownPost(held, person, at)?.unit ??
    placements.find((placement) => placement.person === person && covers(placement, at))?.unit
  const lastOf = (person: Id): Id | undefined =>
    placements.find((placement) => placement.person === person)?.unit ??
    held.find(({ holders }) => holders.some((holder) => holder.person === person))?.unit
  const unitIds = [...new Set(people.flatMap((person) => unitOf(person) ?? lastOf(person) ?? []))]
  const units = await UnitModel.find({ _id: { $in: unitIds } }).lean<Unit[]>()
  const byId = new Map(units.map((unit) => [unit._id, unit]))
  return new Map(
    people.map((person) => {
      const unit = byId.get(unitOf(person) ?? '')
      if (!unit) return [person, outside(byId.get(lastOf(person) ?? '')?.institution)]
      return [person, placeIn(unit, managerAt(posts, person, at))]
    }),
  )
}

const placeIn = (unit: Unit, manager: Id | null): PersonPlace => ({
  unit: unit._id,
  units: unit.units,
  institution: unit.institution,
  manager,
})

/** Who has left, or is yet to come, stays on record with the institution itself. */
const outside = (institution: Id | undefined): PersonPlace => ({
  unit: null,
  units: institution ? [institution] : [],
  institution: institution ?? null,
  manager: null,
})

const positionOf = ({ _id, title, titles, unit, altitude, profile }: Post): Position => ({
  post: _id,
  title,
  ...(titles && { titles }),
  unit,
  altitude,
  ...(profile && { profile }),
})

/** The posts people hold or held, and all those above, by id. One read per storey of the house. */
async function postsAbove(people: readonly Id[]): Promise<Map<Id, Post>> {
  const known = new Map<Id, Post>()
  let found = await PostModel.find({ 'holders.person': { $in: people } }).lean<Post[]>()
  while (found.length > 0) {
    for (const post of found) known.set(post._id, post)
    const above = new Set(found.flatMap(linesOf).filter((id) => !known.has(id)))
    found = above.size > 0 ? await PostModel.find({ _id: { $in: [...above] } }).lean<Post[]>() : []
  }
  return known
}

/** Some posts and all that report to them, now or before; below a vacant post its own reports too. */
async function postsBelow(posts: readonly Post[]): Promise<Post[]> {
  const known = new Map(posts.map((post) => [post._id, post]))
  let storey = posts
  while (storey.length > 0) {
    const ids = storey.map(({ _id }) => _id)
    const below = await PostModel.find({
      $or: [{ reportsTo: { $in: ids } }, { 'formerLines.post': { $in: ids } }],
    }).lean<Post[]>()
    storey = below.filter(({ _id }) => !known.has(_id))
    for (const post of storey) known.set(post._id, post)
  }
  return [...known.values()]
}

const linesOf = ({ reportsTo, formerLines }: Post): Id[] =>
  [reportsTo, ...formerLines.map(({ post }) => post)].filter((id) => id !== null)
