import type { Document } from 'bson'
import { isPlainObject, numeric } from '../commands/schema.js'
import type { Collection } from '../storage/catalog.js'
import type { KeyRange } from '../storage/environment.js'
import type { Index } from '../storage/index-keys.js'
import { boundsFor, type Bounds } from './bounds.js'
import { demandsPresence, implies } from './implication.js'
import { predicatesOf, type PathPredicates } from './predicates.js'

/** Reading every record, in the order of insertion or against it. */
export interface ScanPlan {
  readonly kind: 'scan'
  readonly backward: boolean
  readonly sorted: boolean
}

/** Reading ranges of an index, one after the other or merged by what follows their prefix. */
export interface IndexPlan {
  readonly kind: 'index'
  readonly index: Index
  readonly ranges: readonly KeyRange[]
  /** Length of the fixed part of each range's keys, when the ranges are to be merged. */
  readonly merged: readonly number[] | undefined
  readonly backward: boolean
  readonly sorted: boolean
  /** One key of a unique index: at most one record. */
  readonly isPoint: boolean
  /** What is read is what the filter matches, and no more. */
  readonly isExact: boolean
  readonly score: number
  /** The filter narrows it. */
  readonly isBound: boolean
  /** It gives the order that the request wants. */
  readonly isOrdering: boolean
  /** Plans by indexes that begin with another field, which the filter bounds as well. */
  readonly others: readonly IndexPlan[]
}

/** Reading several indexes, one for each branch of an `$or`. */
export interface UnionPlan {
  readonly kind: 'union'
  readonly branches: readonly (IndexPlan | UnionPlan)[]
  readonly sorted: boolean
}

export type Plan = ScanPlan | IndexPlan | UnionPlan

/** What a plan is made for. */
export interface Question {
  readonly filter: Document
  readonly sort?: Document | undefined
  /** The index that the request names. */
  readonly hint?: Index | 'forward' | 'backward' | undefined
  /** False when the request compares strings by a collation, which no index does. */
  readonly mayUseIndexes: boolean
}

interface SortField {
  readonly path: string
  readonly descending: boolean
}

/** What an index scores at least when an equality or a list narrows it. */
const BOUND_SCORE = 8.5
/** What an index of some documents only scores more: all that it lacks need not be read. */
const PARTIAL_SCORE = 7
/** What the key of a unique index scores. */
const WHOLE_SCORE = 1000
/** More merged ranges than this cost more than sorting. */
const MOST_MERGED = 256

/** Chooses how to read a collection; the filter is then applied to what is read. */
export function planQuery(collection: Pick<Collection, 'indexes'>, question: Question): Plan {
  const { filter, sort, hint, mayUseIndexes } = question
  const natural: unknown = sort?.['$natural']
  const wanted = sortFields(sort)
  const backward = hint === 'backward' || (natural !== undefined && numeric(natural) < 0)
  const isScan = natural !== undefined || hint === 'forward' || hint === 'backward'
  const scan: ScanPlan = { kind: 'scan', backward, sorted: wanted.length === 0 }
  if (isScan || (!mayUseIndexes && hint === undefined)) return scan
  const { paths, unions } = predicatesOf(filter)
  const best = bestIndex(typeof hint === 'object' ? [hint] : collection.indexes, {
    paths,
    sort: wanted,
    isHinted: typeof hint === 'object',
  })
  const isNarrow =
    best !== undefined && (best.score >= BOUND_SCORE || best.index.partial !== undefined)
  if (best !== undefined && (hint !== undefined || isNarrow)) return best
  return unionPlan(collection, question, unions) ?? best ?? scan
}

/** The fields of a sort; empty when there is none or it is not by fields. */
export function sortFields(sort: Document | undefined): SortField[] {
  return Object.entries(sort ?? {})
    .filter(([path]) => path !== '$natural')
    .map(([path, direction]: [string, unknown]) => {
      return { path: isPlainObject(direction) ? '$meta' : path, descending: numeric(direction) < 0 }
    })
}

interface Wanted {
  readonly paths: ReadonlyMap<string, PathPredicates>
  readonly sort: readonly SortField[]
  readonly isHinted: boolean
}

function bestIndex(indexes: readonly Index[], wanted: Wanted): IndexPlan | undefined {
  let best: IndexPlan | undefined
  const bound: IndexPlan[] = []
  for (const index of indexes) {
    const plan = planIndex(index, wanted)
    if (plan === undefined) continue
    if (best === undefined || plan.score > best.score) best = plan
    if (plan.isBound) bound.push(plan)
  }
  if (best === undefined || best.score >= WHOLE_SCORE || bound.length < 2) return best
  const first = leadingField(best)
  return { ...best, others: bound.filter((one) => leadingField(one) !== first) }
}

const leadingField = ({ index }: IndexPlan): string | undefined => index.fields[0]?.path

function planIndex(index: Index, { paths, sort, isHinted }: Wanted): IndexPlan | undefined {
  if (!index.usable) return undefined
  if (!isHinted && !covers(index, paths)) return undefined
  const bounds = boundsFor(index, paths)
  const order = orderOf(index, bounds, sort)
  const helpsSort = sort.length > 0 && order !== undefined
  const isBound = bounds.fixed > 0 || bounds.hasRange || index.partial !== undefined
  if (!isBound && !helpsSort && !isHinted) return undefined
  const isWhole = index.unique && bounds.fixed === index.fields.length
  return {
    kind: 'index',
    index,
    ranges: bounds.ranges,
    merged: order?.isMerge === true ? bounds.prefixLengths : undefined,
    backward: order?.backward ?? false,
    sorted: sort.length === 0 || order !== undefined,
    isPoint: isWhole && bounds.ranges.length === 1 && bounds.isPoint,
    isExact: false,
    score: score(index, bounds, helpsSort),
    isBound,
    isOrdering: helpsSort,
    others: [],
  }
}

function score(index: Index, bounds: Bounds, helpsSort: boolean): number {
  const isWhole = index.unique && bounds.equalities === index.fields.length
  const bounded = bounds.equalities * 10 + (bounds.fixed - bounds.equalities) * 9
  const extras = (bounds.hasRange ? 5 : 0) + (helpsSort ? 6 : 0) - index.fields.length * 0.01
  const part = index.partial === undefined ? 0 : PARTIAL_SCORE
  return (isWhole ? WHOLE_SCORE : 0) + bounded + extras + part
}

/** Whether every document that the filter can match is in the index. */
function covers(index: Index, paths: ReadonlyMap<string, PathPredicates>): boolean {
  if (index.partial !== undefined && !implies(paths, index.partial)) return false
  if (!index.sparse) return true
  return index.fields.some(({ path }) => demandsPresence(paths.get(path)))
}

interface Order {
  readonly backward: boolean
  readonly isMerge: boolean
}

/** How the ranges of an index give the order asked for, if they can. */
function orderOf(index: Index, bounds: Bounds, sort: readonly SortField[]): Order | undefined {
  if (sort.length === 0 || index.truncated) return undefined
  const rest = sort.filter(({ path }) => !bounds.constant.has(path))
  const open = index.fields.map((_, at) => at).filter((at) => !bounds.equal.has(at))
  const inSequence = matchOrder(index, open, rest)
  if (inSequence !== undefined) return { backward: inSequence, isMerge: false }
  if (bounds.ranges.length > MOST_MERGED) return undefined
  const after = open.filter((at) => at >= bounds.fixed)
  const merged = matchOrder(index, after, rest)
  return merged === undefined ? undefined : { backward: merged, isMerge: bounds.ranges.length > 1 }
}

/** Whether the index must be walked backward to give this order; undefined when it cannot. */
function matchOrder(
  index: Index,
  fields: readonly number[],
  sort: readonly SortField[],
): boolean | undefined {
  let backward: boolean | undefined
  for (const [position, { path, descending }] of sort.entries()) {
    const at = fields[position] ?? -1
    const field = index.fields[at]
    if (field?.path !== path || field.hashed || index.multikey[at] === true) return undefined
    const isAgainst = field.descending !== descending
    if (backward !== undefined && backward !== isAgainst) return undefined
    backward = isAgainst
  }
  return backward ?? false
}

function unionPlan(
  collection: Pick<Collection, 'indexes'>,
  { filter, sort, mayUseIndexes }: Question,
  unions: readonly (readonly Document[])[],
): UnionPlan | undefined {
  for (const branches of unions) {
    const plans = branches.map((branch) => {
      const both = { $and: [withoutUnions(filter), branch] }
      return planQuery(collection, { filter: both, mayUseIndexes })
    })
    if (plans.every((plan) => plan.kind !== 'scan'))
      return { kind: 'union', branches: plans, sorted: sortFields(sort).length === 0 }
  }
  return undefined
}

/** The filter without its `$or` lists, so that planning a branch ends. */
function withoutUnions(filter: Document): Document {
  const kept = Object.entries(filter).filter(([path]) => path !== '$or')
  return Object.fromEntries(
    kept.map(([path, condition]: [string, unknown]) => {
      if (path !== '$and') return [path, condition]
      return [path, (condition as Document[]).map((part) => withoutUnions(part))]
    }),
  )
}
