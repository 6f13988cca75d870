import { encodeKey } from '../bson/key-codec.js'
import { idRange, prefixEnd, type KeyRange } from '../storage/environment.js'
import { hashedKey, PLAIN_KEY_BYTES, type Index, type IndexField } from '../storage/index-keys.js'
import { isRangeable, isRegex, type PathPredicates } from './predicates.js'

/** Where in an index the documents lie that conditions can match. */
export interface Bounds {
  readonly ranges: readonly KeyRange[]
  /** For each range, how many of its keys' first bytes are the same. */
  readonly prefixLengths: readonly number[]
  /** How many leading fields are held to single values. */
  readonly fixed: number
  /** How many of those are held to one value each. */
  readonly equalities: number
  /** Positions of the fields held to one value. */
  readonly equal: ReadonlySet<number>
  /** Paths whose sort value is the same in all that match. */
  readonly constant: ReadonlySet<string>
  readonly hasRange: boolean
  /** The one range begins with the one key, uncut, that a unique index can have there. */
  readonly isPoint: boolean
}

/** What ends the key of a string; the codec writes it after the last character. */
const STRING_END_BYTES = 2
/** Most combinations of listed values that become ranges of their own. */
const MOST_RANGES = 4000

interface Prefixes {
  list: Buffer[]
  fixed: number
  readonly equal: Set<number>
}

/** Turns conditions into ranges of index keys, so far as the index's leading fields go. */
export function boundsFor(index: Index, paths: ReadonlyMap<string, PathPredicates>): Bounds {
  const whole = idRange(index.id)
  const prefixes: Prefixes = { list: [whole.from], fixed: 0, equal: new Set() }
  for (const [at, field] of index.fields.entries()) {
    const found = paths.get(field.path)
    if (found === undefined || sharesArray(index, at)) break
    if (!extend(prefixes, pointsFor(found, field), at)) break
  }
  const { list, fixed, equal } = prefixes
  const span = rangeAt(index, fixed, paths)
  const isWhole = span === undefined && equal.size === index.fields.length
  const isPoint = index.unique && isWhole && list.length === 1
  const sorted = list.sort((a, b) => Buffer.compare(a, b))
  const constant = [...equal].filter((at) => index.multikey[at] !== true)
  return {
    ranges: sorted.map((prefix) => (isPoint ? pointOf(prefix) : rangeOf(prefix, span))),
    prefixLengths: sorted.map((prefix) => prefix.length),
    fixed,
    equalities: equal.size,
    equal,
    constant: new Set(constant.map((at) => index.fields[at]?.path ?? '')),
    hasRange: span !== undefined,
    isPoint,
  }
}

/** Two conditions on one array may hold for different elements, whose values lie in different keys. */
function sharesArray(index: Index, at: number): boolean {
  if (index.multikey[at] !== true) return false
  const root = index.fields[at]?.path.split('.')[0]
  return index.fields.some((other, position) => {
    return position < at && index.multikey[position] === true && other.path.split('.')[0] === root
  })
}

interface Points {
  readonly keys: readonly Buffer[]
  readonly isEqual: boolean
}

function extend(prefixes: Prefixes, points: Points | undefined, at: number): boolean {
  if (points === undefined || points.keys.length * prefixes.list.length > MOST_RANGES) return false
  prefixes.list = prefixes.list.flatMap((prefix) => {
    return points.keys.map((key) => Buffer.concat([prefix, key]))
  })
  prefixes.fixed += 1
  if (points.isEqual) prefixes.equal.add(at)
  return true
}

function pointsFor({ equals, oneOf }: PathPredicates, field: IndexField): Points | undefined {
  const [value] = equals.filter(isIndexed)
  if (value !== undefined) return { keys: keysOf(value, field), isEqual: value !== null }
  const [list] = oneOf.filter((values) => values.every(isIndexed))
  if (list === undefined) return undefined
  const keys = new Map(
    list.flatMap((one) => keysOf(one, field)).map((key) => [key.toString('latin1'), key]),
  )
  return { keys: [...keys.values()], isEqual: false }
}

/** Arrays are indexed by their elements; expressions have no key of their own. */
function isIndexed(value: unknown): boolean {
  return value !== undefined && !Array.isArray(value) && !isRegex(value)
}

/** `null` also finds what is missing, and arrays without elements below the path. */
function keysOf(value: unknown, { descending, hashed }: IndexField): Buffer[] {
  const keys = (value === null ? [null, undefined] : [value]).map((one) => keyOf(one, descending))
  return hashed ? keys.map(hashedKey) : keys
}

/** The bytes of one value in an index's keys. */
export function keyOf(value: unknown, descending: boolean): Buffer {
  return encodeKey([value], [descending ? -1 : 1])
}

interface Span {
  readonly from: Buffer
  readonly to: Buffer
}

function rangeAt(
  index: Index,
  at: number,
  paths: ReadonlyMap<string, PathPredicates>,
): Span | undefined {
  const field = index.fields[at]
  const found = field === undefined ? undefined : paths.get(field.path)
  if (field === undefined || found === undefined) return undefined
  if (field.hashed || sharesArray(index, at)) return undefined
  const isArray = index.multikey[at] === true && found.isOneElement !== true
  return limitsSpan(found, field, isArray) ?? prefixSpan(found, field)
}

function limitsSpan(
  found: PathPredicates,
  { descending }: IndexField,
  isArray: boolean,
): Span | undefined {
  const lower =
    found.lower !== undefined && isRangeable(found.lower.value) ? found.lower : undefined
  let upper = found.upper !== undefined && isRangeable(found.upper.value) ? found.upper : undefined
  const limit = lower ?? upper
  if (limit === undefined) return undefined
  const type = keyOf(limit.value, descending).subarray(0, 1)
  if (lower !== undefined && upper !== undefined) {
    const isOtherType = keyOf(upper.value, descending)[0] !== type[0]
    if (isArray || isOtherType) upper = undefined
  }
  const [first, last] = descending ? [upper, lower] : [lower, upper]
  const start = first === undefined ? undefined : keyOf(first.value, descending)
  const end = last === undefined ? undefined : keyOf(last.value, descending)
  return {
    from: start === undefined ? type : first?.inclusive === true ? start : prefixEnd(start),
    to: end === undefined ? prefixEnd(type) : last?.inclusive === true ? prefixEnd(end) : end,
  }
}

/** A string's key without what ends it begins the keys of all strings that begin with it. */
function prefixSpan({ prefix }: PathPredicates, { descending }: IndexField): Span | undefined {
  if (prefix === undefined) return undefined
  const key = keyOf(prefix, descending)
  const open = key.subarray(0, key.length - STRING_END_BYTES)
  return { from: open, to: prefixEnd(open) }
}

function pointOf(key: Buffer): KeyRange {
  return { from: key, to: rangeOf(key, undefined).to }
}

/** Puts a span behind a prefix; keys longer than what is stored plainly are widened. */
function rangeOf(prefix: Buffer, span: Span | undefined): KeyRange {
  if (span === undefined) {
    const from = prefix.subarray(0, PLAIN_KEY_BYTES)
    return { from, to: prefixEnd(from) }
  }
  const from = Buffer.concat([prefix, span.from]).subarray(0, PLAIN_KEY_BYTES)
  const to = Buffer.concat([prefix, span.to])
  const isCut = to.length > PLAIN_KEY_BYTES
  return { from, to: isCut ? prefixEnd(to.subarray(0, PLAIN_KEY_BYTES)) : to }
}
