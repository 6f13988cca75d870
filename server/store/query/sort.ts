import type { Document } from 'bson'
import { compareRaw, type Collator } from '../bson/compare.js'
import { encodeRawKey } from '../bson/key-codec.js'
import { NULL, type RawValue } from '../bson/raw.js'
import { pathOf, tuplesOf, type Path, type Tuple } from '../bson/tuples.js'
import { isPlainObject, numeric } from '../commands/schema.js'
import { MongoError } from '../errors.js'
import { isSliceOver } from '../slices.js'
import { collatorOf } from './collation.js'
import { sortStepwise } from './stepwise-sort.js'

/** What is sorted: something with a stored document. */
export interface Sortable {
  readonly raw: Buffer
}

interface SortOptions {
  readonly collation?: unknown
}

interface Keyed<T> {
  readonly row: T
  readonly key: Buffer | Tuple
}

/** A sort specification, checked and ready. */
export interface SortPlan {
  readonly paths: readonly Path[]
  readonly directions: readonly (1 | -1)[]
  readonly collator: Collator | undefined
}

/**
 * Sorts rows, those that compare as equal in their order, pauses passed on; with a limit it keeps few more than the first
 * so many.
 */
export function* sortRows<T extends Sortable>(
  rows: Iterable<T | undefined>,
  plan: SortPlan,
  limit = Infinity,
): Generator<T | undefined, void> {
  const compare = (a: Keyed<T>, b: Keyed<T>): number => compareKeys(plan, a.key, b.key)
  let found: Keyed<T>[] = []
  for (const row of rows) {
    if (row === undefined) yield undefined
    else found.push({ row, key: sortKeyOf(plan, row.raw) })
    if (found.length > SPARE + 2 * limit)
      found = (yield* sortStepwise(found, compare)).slice(0, limit)
  }
  const sorted = yield* sortStepwise(found, compare)
  for (const [at, { row }] of sorted.slice(0, limit).entries()) {
    if (at % ROWS_PER_LOOK === ROWS_PER_LOOK - 1 && isSliceOver()) yield undefined
    yield row
  }
}

/** Sorted rows handed out between two looks at the clock. */
const ROWS_PER_LOOK = 128
/** Rows above the limit that may wait before they are cut away. */
const SPARE = 1000
const MOST_FIELDS = 32

/** Checks a sort and prepares it for a `Sorter`. */
export function planSort(sort: Document, { collation }: SortOptions): SortPlan {
  const entries = Object.entries(sort) as [string, unknown][]
  if (entries.length > MOST_FIELDS)
    throw new MongoError(13103, `too many sort fields, at most ${String(MOST_FIELDS)} are allowed`)
  const isNatural = '$natural' in sort
  if (isNatural && entries.length > 1)
    throw new MongoError(2, "Cannot include '$natural' in compound sort")
  const directions = entries.map(([path, direction]) => directionOf(path, direction))
  return {
    paths: isNatural ? [] : entries.map(([path]) => checkedPath(path)),
    directions,
    collator: collatorOf(collation),
  }
}

function directionOf(path: string, direction: unknown): 1 | -1 {
  if (isPlainObject(direction)) {
    if ('$meta' in direction)
      throw new MongoError(
        40218,
        `query requires ${String(direction['$meta'])} metadata, but it is not available`,
      )
    throw new MongoError(17312, '$meta is the only expression supported by $sort right now')
  }
  const value = numeric(direction)
  if (Number.isNaN(value))
    throw new MongoError(15974, `Illegal key in $sort specification: ${path}: ${String(direction)}`)
  if (value !== 1 && value !== -1)
    throw new MongoError(
      15975,
      '$sort key ordering must be 1 (for ascending) or -1 (for descending)',
    )
  return value
}

function checkedPath(path: string): Path {
  const parts = path.split('.')
  if (path === '') throw new MongoError(40352, 'FieldPath cannot be constructed with empty string')
  if (path.endsWith('.')) throw new MongoError(40353, "FieldPath must not end with a '.'.")
  if (parts.includes(''))
    throw new MongoError(15998, 'FieldPath field names may not be empty strings.')
  const isReserved = parts.some((part) => /^\$(?!(?:id|ref|db)$)/.test(part))
  if (isReserved) throw new MongoError(16410, "FieldPath field names may not start with '$'.")
  return pathOf(path)
}

/** The first of a document's tuples in the order asked for: of an array, one element counts. */
export function sortKeyOf(plan: SortPlan, raw: Buffer): Buffer | Tuple {
  const { tuples } = tuplesOf(plan.paths, raw, parallelArrays)
  const keys: readonly (Buffer | Tuple)[] =
    plan.collator === undefined
      ? tuples.map((tuple) => encodeRawKey(tuple, plan.directions))
      : tuples
  return keys.reduce((least, key) => (compareKeys(plan, key, least) < 0 ? key : least))
}

const NOTHING: RawValue = { buffer: Buffer.alloc(0), type: NULL, offset: 0 }

function compareKeys(plan: SortPlan, a: Buffer | Tuple, b: Buffer | Tuple): number {
  if (Buffer.isBuffer(a) && Buffer.isBuffer(b)) return Buffer.compare(a, b)
  const [left, right] = [a as Tuple, b as Tuple]
  for (const [at, direction] of plan.directions.entries()) {
    const order = compareRaw(left[at] ?? NOTHING, right[at] ?? NOTHING, plan.collator)
    if (order !== 0) return order * direction
  }
  return 0
}

function parallelArrays(): MongoError {
  return new MongoError(
    2,
    'Executor error during find command :: cannot sort with keys that are parallel arrays',
  )
}
