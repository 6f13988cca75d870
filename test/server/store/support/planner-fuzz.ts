import {
  Decimal128,
  Double,
  EJSON,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  type Document,
} from 'bson'
import { compileFilter } from '../../../../server/store/query/match.js'
import { countKeys, planFor, read, type Query } from '../../../../server/store/query/read.js'
import type { Row } from '../../../../server/store/query/execute.js'
import {
  planSort,
  sortKeyOf,
  sortRows,
  type SortPlan,
} from '../../../../server/store/query/sort.js'
import type { Collection } from '../../../../server/store/storage/catalog.js'
import type { Store } from '../../../../server/store/store.js'
import type { Random } from './random.js'

/** Indexes that between them have every property a plan must heed. */
export const INDEXES: readonly Document[] = [
  { key: { a: 1 }, name: 'a' },
  { key: { a: -1, b: 1 }, name: 'a-b' },
  { key: { b: 1, c: -1, a: 1 }, name: 'b-ca' },
  { key: { 'd.x': 1, a: 1 }, name: 'dx-a' },
  { key: { 'd.x': 1, 'd.y': -1 }, name: 'dx-dy' },
  { key: { c: 1 }, name: 'sparse c', sparse: true },
  { key: { b: -1 }, name: 'partial b', partialFilterExpression: { a: { $gte: new Int32(2) } } },
  { key: { 'd.0': 1 }, name: 'd0' },
]

const LONG_TEXT = 'x'.repeat(2500)

/** Any value of a document, most of them few, so that conditions often meet them. */
export function randomValue(random: Random, depth = 0): unknown {
  const pick = random.below(depth > 1 ? 15 : 19)
  switch (pick) {
    case 0:
      return null
    case 1:
      return new Double(random.below(5) + 0.5)
    case 2:
      return Long.fromNumber(random.below(5))
    case 3:
      return Decimal128.fromString(String(random.below(5)))
    case 4:
      return new Double(random.of([Number.NaN, -0, Infinity, 2 ** 53]))
    case 5:
      return random.of(['', 'a', 'ab', 'abc', 'b', 'a\0b', 'é', `${LONG_TEXT}a`, `${LONG_TEXT}b`])
    case 6:
      return random.of<unknown>([true, false, new MinKey(), new MaxKey()])
    case 7:
      return new Date(random.below(4))
    case 8:
      return ObjectId.createFromTime(random.below(3))
    case 15:
    case 16:
      return Array.from({ length: random.below(4) }, () => randomValue(random, depth + 1))
    case 17:
    case 18:
      return randomObject(random, depth + 1)
    default:
      return new Int32(random.below(5))
  }
}

function randomObject(random: Random, depth: number): Document {
  const object: Document = {}
  for (const name of ['x', 'y']) if (random.below(3) > 0) object[name] = randomValue(random, depth)
  return object
}

/** A document with fields that may be anything, or missing. */
export function randomDocument(random: Random, id: number): Document {
  const document: Document = { _id: new Int32(id) }
  for (const name of ['a', 'b', 'c', 'd'])
    if (random.below(5) > 0) document[name] = randomValue(random)
  if (random.below(2) === 0)
    document['d'] = Array.from({ length: random.below(3) }, () => randomObject(random, 1))
  return document
}

const PATHS = ['a', 'b', 'c', 'd', 'd.x', 'd.y', 'd.0', 'a.x', '_id']

function randomCondition(random: Random): unknown {
  const value = (): unknown => randomValue(random, 1)
  const list = (): unknown[] => Array.from({ length: random.below(4) + 1 }, value)
  switch (random.below(14)) {
    case 0:
      return { $gt: value(), $lte: value() }
    case 1:
      return { [random.of(['$gt', '$gte', '$lt', '$lte'])]: value() }
    case 2:
      return { $in: list() }
    case 3:
      return { $nin: list() }
    case 4:
      return { $exists: random.below(2) === 0 }
    case 5:
      return { $regex: random.of(['^a', '^ab', 'b', '^', `^${LONG_TEXT}`]) }
    case 6:
      return { $elemMatch: { $gte: value(), $lt: value() } }
    case 7:
      return { $elemMatch: { x: value(), y: { $gt: value() } } }
    case 8:
      return { $all: list() }
    case 9:
      return { $ne: value() }
    case 10:
      return { $not: { $gt: value() } }
    case 11:
      return { $type: random.of(['string', 'number', 'array', 'null']) }
    default:
      return { $eq: value() }
  }
}

/** A filter of one to three conditions, some of them alternatives. */
export function randomFilter(random: Random, depth = 0): Document {
  const filter: Document = {}
  for (let left = random.below(3) + 1; left > 0; left -= 1)
    filter[random.of(PATHS)] = randomCondition(random)
  if (depth > 0 || random.below(4) > 0) return filter
  const branches = Array.from({ length: 2 }, () => randomFilter(random, depth + 1))
  return { ...(random.below(2) === 0 ? filter : {}), [random.of(['$or', '$and'])]: branches }
}

/** A sort by one or two fields, or none. */
export function randomSort(random: Random): Document | undefined {
  if (random.below(3) === 0) return undefined
  const sort: Document = {}
  for (let left = random.below(2) + 1; left > 0; left -= 1)
    sort[random.of(['a', 'b', 'c', 'd.x', '_id'])] = random.of([1, -1])
  return sort
}

/** What a plan finds that a look at every document does not, or the other way round. */
export function differenceOf(
  store: Store,
  collection: Collection,
  query: Query,
): string | undefined {
  const matches = compileFilter(query.filter)
  const matching = rowsOf(store, collection, { filter: {} }).filter(({ raw }) => matches(raw))
  const found = rowsOf(store, collection, query)
  const wanted = Math.min(query.limit ?? Infinity, matching.length)
  const ids = new Set(matching.map(({ id }) => id))
  const right = found.filter(({ id }) => ids.delete(id)).length
  if (right < found.length || found.length !== wanted)
    return `${String(right)} of ${String(found.length)} rows are right, ${String(wanted)} wanted, ${shown(store, collection, query)}`
  const counted = countKeys(store.environment, collection, query)
  if (counted !== undefined && counted !== wanted)
    return `counted ${String(counted)}, ${String(wanted)} wanted, ${shown(store, collection, query)}`
  if (query.sort === undefined) return undefined
  const order = planSort(query.sort, {})
  const keys = (rows: readonly Row[]): string => rows.map(({ raw }) => keyText(order, raw)).join()
  const sorted = [...sortRows(matching, order)].filter((row) => row !== undefined).slice(0, wanted)
  return keys(found) === keys(sorted)
    ? undefined
    : `another order, ${shown(store, collection, query)}`
}

function rowsOf(store: Store, collection: Collection, query: Query): Row[] {
  return [...read(store.environment, collection, query)].filter((row) => row !== undefined)
}

/** Two documents have the same text when the sort cannot tell them apart. */
function keyText(order: SortPlan, raw: Buffer): string {
  return (sortKeyOf(order, raw) as Buffer).toString('hex')
}

function shown(store: Store, collection: Collection, query: Query): string {
  const plan = planFor(store.environment, collection, query)
  const { filter, sort, limit } = query
  const index = plan.kind === 'index' ? plan.index.name : ''
  return `by ${plan.kind} ${index}: ${EJSON.stringify({ filter, sort, limit })}`
}
