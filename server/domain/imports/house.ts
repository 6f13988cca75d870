import { randomUUID } from 'node:crypto'
import type { Id } from '../../kernel/contract.js'
import {
  ownPost,
  houseOf,
  type HouseChange,
  type Post,
  type Unit,
} from '../organisation/rosters.js'
import { unitById, unitUnder } from '../organisation/units.js'
import type { Fault, Wanted } from './checking.js'
import { folded } from './columns.js'

/** Units and posts as they are, and as the lines before make them: what the next line is compared with. */
export interface House {
  readonly root: Unit
  readonly units: Map<Id, Unit>
  readonly posts: Map<Id, Post>
  /** Units by each of their names. */
  readonly named: Map<string, Set<Id>>
  /** Posts by their unit and each of their titles. */
  readonly titled: Map<string, Set<Id>>
  readonly heldBy: Map<Id, Set<Id>>
  /** The people whom lines were about so far. */
  readonly met: Set<Id>
}

/** The house of a unit as it stands. */
export async function openHouse(root: Id): Promise<House> {
  const { units, posts } = await houseOf(root)
  const house: House = {
    root: await unitById(root),
    units: new Map(),
    posts: new Map(),
    named: new Map(),
    titled: new Map(),
    heldBy: new Map(),
    met: new Set(),
  }
  for (const unit of units) addUnit(house, unit)
  for (const post of posts) addPost(house, post)
  return house
}

/** Makes the house what it will be once a line is written. */
export function settleIn(house: House, change: HouseChange): void {
  for (const unit of change.units) addUnit(house, unit)
  for (const post of change.posts) addPost(house, post)
  for (const { id, after } of change.rearranged) alter(house, id, (post) => ({ ...post, ...after }))
  for (const ended of change.endedHolders) {
    alter(house, ended.id, (post) => ({
      ...post,
      holders: post.holders.map((holder) =>
        holder.person === ended.person && Number(holder.from) === Number(ended.from)
          ? { ...holder, to: ended.to }
          : holder,
      ),
    }))
  }
  for (const { post: id, ...holder } of change.holders) {
    alter(house, id, (post) => ({ ...post, holders: [...post.holders, holder] }))
  }
}

export interface Known<T> {
  readonly found: T
  readonly isNew: boolean
}
export type Found<T> = Known<T> | { readonly fault: Fault }

/** The unit of a name, under the one named above it if given; a new one where there is none. */
export function unitCalled(
  house: House,
  { unit: name = '', unitAbove, unitKind = 'unit' }: Wanted,
): Found<Unit> {
  const above = unitAbove ? one(house, unitAbove) : undefined
  if (above && 'fault' in above) return above
  const all = unitsNamed(house, name)
  const under = above ? all.filter(({ parent }) => parent === above.found._id) : all
  const [only, ...others] = under
  if (only && others.length > 0) return fault('unit-ambiguous', name)
  if (only) return { found: only, isNew: false }
  const id = randomUUID()
  return { found: unitUnder(above?.found ?? house.root, { id, name, kind: unitKind }), isNew: true }
}

export interface PostWanted {
  readonly unit: Unit
  readonly title: string
  readonly person: Id
  readonly at: Date
}

/** The post of a title that a person holds in a unit, else one that is free from a day on, else nothing. */
export function postFor(house: House, { unit, title, person, at }: PostWanted): Post | undefined {
  const posts = postsTitled(house, unit._id, title)
  return ownPost(posts, person, at) ?? posts.find((post) => isFree(post, at))
}

/** Any post of a title in a unit. */
export const postTitled = (house: House, unit: Id, title: string): Post | undefined =>
  postsTitled(house, unit, title)[0]

/** The post of a title nearest to a unit: in it, in one above, else the only one of the house. */
export function postAbove(house: House, unit: Unit, title: string): Found<Post> {
  const near = unit.units.flatMap((id) => postsTitled(house, id, title))[0]
  if (near) return { found: near, isNew: false }
  const all = [...house.units.keys()].flatMap((id) => postsTitled(house, id, title))
  const [only, ...others] = all
  return only && others.length === 0
    ? { found: only, isNew: false }
    : fault('post-above-unknown', title)
}

/** The posts somebody holds or held in the house. */
export const postsHeld = ({ heldBy, posts }: House, person: Id): Post[] =>
  [...(heldBy.get(person) ?? [])].flatMap((id) => posts.get(id) ?? [])

/** Whether a post would report to itself through those above it. */
export function leadsBack({ posts }: House, from: Id, to: Id | null): boolean {
  const seen = new Set<Id>()
  let next = to
  while (next && !seen.has(next)) {
    if (next === from) return true
    seen.add(next)
    next = posts.get(next)?.reportsTo ?? null
  }
  return false
}

function one(house: House, name: string): Found<Unit> {
  const [only, ...others] = unitsNamed(house, name)
  if (!only) return fault('unit-above-unknown', name)
  return others.length > 0 ? fault('unit-ambiguous', name) : { found: only, isNew: false }
}

const fault = (code: string, value: string): { fault: Fault } => ({ fault: { code, value } })

const unitsNamed = ({ named, units }: House, name: string): Unit[] =>
  [...(named.get(keyOf(name)) ?? [])].flatMap((id) => units.get(id) ?? [])

const postsTitled = ({ titled, posts }: House, unit: Id, title: string): Post[] =>
  [...(titled.get(`${unit} ${keyOf(title)}`) ?? [])].flatMap((id) => posts.get(id) ?? [])

/** Nobody holds it then or later. */
const isFree = ({ holders }: Post, at: Date): boolean =>
  !holders.some(({ as, to }) => as === 'holder' && (!to || to > at))

function addUnit(house: House, unit: Unit): void {
  house.units.set(unit._id, unit)
  for (const name of namesOf(unit.name, unit.names)) put(house.named, name, unit._id)
}

function addPost(house: House, post: Post): void {
  house.posts.set(post._id, post)
  for (const title of namesOf(post.title, post.titles)) {
    put(house.titled, `${post.unit} ${title}`, post._id)
  }
  for (const { person } of post.holders) put(house.heldBy, person, post._id)
}

function alter(house: House, id: Id, change: (post: Post) => Post): void {
  const post = house.posts.get(id)
  if (post) addPost(house, change(post))
}

function put(map: Map<string, Set<Id>>, key: string, id: Id): void {
  const known = map.get(key)
  if (known) known.add(id)
  else map.set(key, new Set([id]))
}

const namesOf = (name: string, names: Readonly<Record<string, string>> = {}): Set<string> =>
  new Set([name, ...Object.values(names)].map(keyOf))

/** Marks alone, such as "+", are a name too. */
const keyOf = (name: string): string => folded(name) || name.toLowerCase()
