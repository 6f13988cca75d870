import { Decimal128, Double, Int32, Long, ObjectId } from 'bson'
import { compareValues as compareStored } from '../bson/compare.js'
import { encodeKey } from '../bson/key-codec.js'
import { isPlainObject, typeName } from '../commands/schema.js'
import { compareNumbers, fromNumber, isNumber, toDouble } from './numbers.js'

/** Nothing there, null, or JavaScript's trace of BSON's undefined. */
export function isNullish(value: unknown): value is null | undefined {
  return value === null || value === undefined
}

/** What MongoDB takes for true: everything but false, zero, null and what is missing. */
export function isTruthy(value: unknown): boolean {
  if (isNullish(value) || value === false) return false
  return !isNumber(value) || toDouble(value) !== 0
}

/** MongoDB's name of a value's type, `missing` included. */
export function typeOf(value: unknown): string {
  return value instanceof Double ? 'double' : typeName(value)
}

/** MongoDB's order of any two values, across types; missing comes before null. */
export function compareValues(a: unknown, b: unknown): number {
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b)
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b)
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime()
  return a === b ? 0 : compareStored(a, b)
}

const BEYOND_BASIC = /[\ud800-\udfff]/

/** JavaScript orders by UTF-16 units, BSON by UTF-8 bytes; they differ beyond the basic plane only. */
function compareStrings(a: string, b: string): number {
  if (a === b) return 0
  if (BEYOND_BASIC.test(a) || BEYOND_BASIC.test(b))
    return Buffer.compare(Buffer.from(a), Buffer.from(b))
  return a < b ? -1 : 1
}

const keyOf = (value: unknown): Buffer => encodeKey([value], [1])

/** A text that is the same for equal values only; numbers of all types are equal by value. */
export function identityOf(value: unknown): string {
  if (typeof value === 'string') return `s${value}`
  if (isNullish(value)) return value === null ? 'null' : 'missing'
  if (value instanceof Int32 || value instanceof Double) return `n${String(value.value)}`
  if (value instanceof Long && value.toBigInt() === BigInt(value.toNumber()))
    return `n${String(value.toNumber())}`
  if (value instanceof ObjectId) return `o${value.toHexString()}`
  if (value instanceof Date) return `d${String(value.getTime())}`
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (value instanceof Decimal128) return decimalIdentity(value)
  return `k${keyOf(value).toString('latin1')}`
}

function decimalIdentity(value: Decimal128): string {
  const double = fromNumber(toDouble(value))
  return compareNumbers(double, value) === 0
    ? `n${String(toDouble(double))}`
    : `k${keyOf(value).toString('latin1')}`
}

/** Values of which each occurs once, the first of equal ones kept. */
export function distinct(values: Iterable<unknown>): unknown[] {
  const found = new Map<string, unknown>()
  for (const value of values) {
    const key = identityOf(value)
    if (!found.has(key)) found.set(key, value)
  }
  return [...found.values()]
}

/** A constant of a pipeline as it would have come off the wire: each number with its type. */
export function constant(value: unknown): unknown {
  if (typeof value === 'number') return fromNumber(value)
  if (typeof value === 'bigint') return Long.fromBigInt(value)
  if (Array.isArray(value)) return value.map(constant)
  if (!isPlainObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, constant(part)]))
}

/** A regular expression of MongoDB as JavaScript has it; what `x` (free spacing) allows is taken out. */
export function regexOf(pattern: string, options = ''): RegExp {
  const flags = [...options].filter((flag) => 'ims'.includes(flag)).join('')
  const source = options.includes('x') ? pattern.replace(/\\#|#.*$|\s+/gm, keepEscaped) : pattern
  return new RegExp(source, flags)
}

const keepEscaped = (found: string): string => (found === '\\#' ? found : '')
