import { randomUUID } from 'node:crypto'
import type { Id } from '../../kernel/contract.js'
import { wordsOf } from '../../platform/words.js'
import {
  covers,
  ownPost,
  type Ended,
  type Held,
  type HouseChange,
  type Placement,
  type Post,
  type Unit,
} from '../organisation/rosters.js'
import type { Fault, Wanted } from './checking.js'
import {
  postAbove,
  postFor,
  postsHeld,
  unitCalled,
  type Found,
  type House,
  type Known,
} from './house.js'
import { ended, withEnd } from './leaving.js'
import type { Change } from './models.js'

/** A line that changes nothing of the house. */
export const untouched: HouseChange = {
  units: [],
  posts: [],
  rearranged: [],
  placements: [],
  endedPlacements: [],
  holders: [],
  endedHolders: [],
}

/** Where somebody stands before a line, and what the line says of it. */
export interface Standing {
  readonly person: Id
  /** Not on record yet, or left before: a new placement is due in any case. */
  readonly arrives: boolean
  /** When the person was to leave before this line. */
  readonly leavesAt?: Date | undefined
  readonly placements: readonly Placement[]
  readonly wanted: Wanted
  readonly at: Date
}

export interface Move {
  readonly house: HouseChange
  readonly changes: readonly Change[]
  readonly faults: readonly Fault[]
  /** Where the person belongs from then on. */
  readonly unit: Unit
}

/** What a line moves of a person: unit and post from a day on, and until when. Pure over the house. */
export function planMove(house: House, standing: Standing): Move {
  const { wanted, at } = standing
  const from = wanted.from ?? at
  const now = standingAt(house, standing, from)
  const aimed = aim(house, standing, now)
  if ('fault' in aimed)
    return { house: untouched, changes: [], faults: [aimed.fault], unit: house.root }
  const { unit, post } = aimed
  const placing = standing.arrives || wanted.unit !== undefined || wanted.post !== undefined
  const moved = placing && unit.found._id !== now.unit?._id
  const assigned = post !== undefined && post.found._id !== now.post?._id
  const leaves = now.post !== undefined && (assigned || (moved && !post))
  const change = withEnd(house, standing, {
    ...untouched,
    units: unit.isNew ? [unit.found] : [],
    posts: post?.isNew ? [post.found] : [],
    ...(standing.arrives || moved ? placed(standing, unit.found._id, from) : {}),
    endedHolders: leaves ? endHeld(house, standing.person, from) : [],
    holders: assigned ? [held(standing.person, post.found._id, from)] : [],
  })
  const changes: Change[] = [
    ...(moved
      ? [{ field: 'unit' as const, from: now.unit?.name ?? null, to: unit.found.name }]
      : []),
    ...(assigned || leaves
      ? [{ field: 'post' as const, from: now.post?.title ?? null, to: post?.found.title ?? null }]
      : []),
  ]
  return { house: change, changes, faults: [], unit: unit.found }
}

/** A new post as a line describes it. */
export function newPost(house: House, unit: Unit, wanted: Wanted & { at: Date }): Found<Post> {
  const { post: title = '', altitude = 'operational', reportsTo, from, at } = wanted
  const above = reportsTo ? postAbove(house, unit, reportsTo) : undefined
  if (above && 'fault' in above) return above
  const post: Post = {
    _id: randomUUID(),
    title,
    words: wordsOf(title),
    altitude,
    unit: unit._id,
    units: unit.units,
    reportsTo: above?.found._id ?? null,
    reportsSince: from && from < at ? from : at,
    formerLines: [],
    holders: [],
    revision: 0,
  }
  return { found: post, isNew: true }
}

interface Now {
  readonly unit: Unit | undefined
  readonly post: Post | undefined
}

function standingAt(house: House, { person, placements, arrives }: Standing, at: Date): Now {
  const post = ownPost(postsHeld(house, person), person, at)
  const placement = placements.find((one) => covers(one, at))
  const unit = house.units.get(post?.unit ?? placement?.unit ?? '')
  return arrives ? { unit: undefined, post: undefined } : { unit, post }
}

type Aim =
  { readonly unit: Known<Unit>; readonly post: Known<Post> | undefined } | { readonly fault: Fault }

function aim(house: House, { person, wanted, placements, at }: Standing, now: Now): Aim {
  const last = now.unit ?? house.units.get(placements[0]?.unit ?? '') ?? house.root
  const unit = wanted.unit ? unitCalled(house, wanted) : { found: last, isNew: false }
  if ('fault' in unit) return unit
  if (!wanted.post) return { unit, post: undefined }
  const place = { unit: unit.found, title: wanted.post, person, at: wanted.from ?? at }
  const known = postFor(house, place)
  const post = known
    ? { found: known, isNew: false }
    : newPost(house, unit.found, { ...wanted, at })
  return 'fault' in post ? post : { unit, post }
}

/** A placement from a day on ends the one before, and ends where a later one begins. */
function placed({ person, placements }: Standing, unit: Id, from: Date) {
  const later = placements.filter((one) => one.from > from).map((one) => Number(one.from))
  const to = later.length > 0 ? new Date(Math.min(...later)) : null
  const before = placements.filter((one) => covers(one, from))
  return {
    placements: [{ _id: randomUUID(), person, unit, from, to }],
    endedPlacements: before.map((one) => ended(one._id, one, from)),
  }
}

const endHeld = (house: House, person: Id, at: Date): Ended[] =>
  postsHeld(house, person).flatMap(({ _id, holders }) =>
    holders
      .filter((one) => one.person === person && one.as === 'holder' && covers(one, at))
      .map((one) => ended(_id, one, at)),
  )

const held = (person: Id, post: Id, from: Date): Held => ({
  post,
  person,
  from,
  to: null,
  as: 'holder',
})
