import type { Document } from 'bson'
import { isPlainObject, numeric } from '../commands/schema.js'
import { MongoError } from '../errors.js'
import { zoneOf } from './calendar.js'
import { addUnits, checkUnit } from './date-units.js'
import { isNumber, toDouble } from './numbers.js'
import { fieldPath } from './paths.js'
import type { Scope } from './scope.js'

/** The documents of one partition in their order. */
export interface Partition {
  readonly scopes: readonly Scope[]
  readonly sortBy: Document | undefined
}

/** Which rows, from and to (not included), belong to the window of a row. */
export type Bounds = (partition: Partition, at: number) => readonly [from: number, to: number]

/** Reads a `window`: by places, by values of the one sort field, or the whole partition. */
export function windowOf(window: unknown, sortBy: Document | undefined): Bounds {
  if (window === undefined) return ({ scopes }) => [0, scopes.length]
  if (!isPlainObject(window)) throw new MongoError(9, "'window' field must be an object")
  const { documents, range, unit } = window
  if (documents !== undefined && range !== undefined)
    throw new MongoError(9, "Window bounds can specify either 'documents' or 'range', not both.")
  if (documents !== undefined) {
    if (sortBy === undefined)
      throw new MongoError(5339901, 'Document-based bounds require a sortBy')
    return byPlace(pairOf(documents))
  }
  if (range === undefined) return ({ scopes }) => [0, scopes.length]
  const [field, ...others] = Object.entries(sortBy ?? {}) as [string, unknown][]
  if (field === undefined || others.length > 0 || numeric(field[1]) !== 1)
    throw new MongoError(5339902, 'Range-based bounds require sortBy a single field, ascending')
  return byValue(pairOf(range), { path: field[0].split('.'), unit })
}

function pairOf(bounds: unknown): readonly [unknown, unknown] {
  if (Array.isArray(bounds) && bounds.length === 2) return bounds as [unknown, unknown]
  throw new MongoError(9, 'Window bounds must be a 2-element array')
}

const isOpen = (bound: unknown): boolean => bound === 'unbounded'
const distance = (bound: unknown): number => (bound === 'current' ? 0 : numeric(bound))

function byPlace([lower, upper]: readonly [unknown, unknown]): Bounds {
  return ({ scopes }, at) => {
    const from = isOpen(lower) ? 0 : at + distance(lower)
    const to = isOpen(upper) ? scopes.length : at + distance(upper) + 1
    return [Math.max(0, from), Math.max(0, Math.min(scopes.length, to))]
  }
}

/** Reads what the rows are ordered by once, and looks around each row from there. */
function byValue(
  [lower, upper]: readonly [unknown, unknown],
  { path, unit }: { path: readonly string[]; unit: unknown },
): Bounds {
  const read = fieldPath(path)
  const known = new WeakMap<Partition, readonly number[]>()
  return (partition, at) => {
    const values =
      known.get(partition) ?? partition.scopes.map((scope) => position(read(scope), unit))
    known.set(partition, values)
    const here = values[at] ?? Number.NaN
    const least = isOpen(lower) ? -Infinity : moved(here, lower, unit)
    const most = isOpen(upper) ? Infinity : moved(here, upper, unit)
    const from = values.findIndex((value) => value >= least)
    const to = values.findLastIndex((value) => value <= most) + 1
    return [from < 0 ? values.length : from, to]
  }
}

function position(value: unknown, unit: unknown): number {
  if (unit !== undefined && value instanceof Date) return value.getTime()
  if (unit === undefined && isNumber(value)) return toDouble(value)
  throw new MongoError(
    5429414,
    'Invalid range: Expected the sortBy field to be a number, or a date where a unit is given',
  )
}

function moved(here: number, bound: unknown, unit: unknown): number {
  if (unit === undefined) return here + distance(bound)
  const by = distance(bound)
  return addUnits(new Date(here), { unit: checkUnit(unit), by, zone: zoneOf(undefined) }).getTime()
}
