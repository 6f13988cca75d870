import * as bson from './raw.js'
import { compareNumbers } from './numbers.js'
import { encode, valueSize, type RawValue } from './raw.js'

/** Orders two strings as a collation does. */
export type Collator = (a: string, b: string) => number

/** The types in the order in which MongoDB sorts their values; one line, one rank. */
const RANKS: readonly (readonly number[])[] = [
  [],
  [bson.MIN_KEY],
  [bson.UNDEFINED],
  [bson.NULL],
  [bson.INT, bson.LONG, bson.DOUBLE, bson.DECIMAL],
  [bson.STRING, bson.SYMBOL],
  [bson.OBJECT],
  [bson.ARRAY],
  [bson.BINARY],
  [bson.OBJECT_ID],
  [bson.BOOLEAN],
  [bson.DATE],
  [bson.TIMESTAMP],
  [bson.REGEX],
  [bson.DB_POINTER],
  [bson.CODE],
  [bson.SCOPED_CODE],
  [bson.MAX_KEY],
]
const RANK = new Uint8Array(256)
for (const [rank, types] of RANKS.entries()) for (const type of types) RANK[type] = rank

/** Where a type stands among the types: values of different ranks never need looking at. */
export function rankOf(type: number): number {
  return RANK[type] ?? 0
}

/** Puts a decoded value where it can be compared with those of stored documents. */
export function rawValue(value: unknown): RawValue {
  const buffer = encode({ v: value })
  if (buffer[4] === 0) return { buffer, type: bson.UNDEFINED, offset: 4 }
  return { buffer, type: buffer[4] ?? 0, offset: 7 }
}

/** Orders two decoded values as MongoDB does. */
export function compareValues(a: unknown, b: unknown, collator?: Collator): number {
  return compareRaw(rawValue(a), rawValue(b), collator)
}

/** Orders two values as MongoDB does: by type, then by value, numbers of all types together. */
export function compareRaw(a: RawValue, b: RawValue, collator?: Collator): number {
  const rank = rankOf(a.type)
  const difference = rank - rankOf(b.type)
  if (difference !== 0) return difference < 0 ? -1 : 1
  switch (a.type) {
    case bson.INT:
    case bson.LONG:
    case bson.DOUBLE:
    case bson.DECIMAL:
      return compareNumbers(a, b)
    case bson.STRING:
    case bson.SYMBOL:
      return collator === undefined
        ? compareStringBytes(a, b)
        : collator(stringAt(a.buffer, a.offset), stringAt(b.buffer, b.offset))
    case bson.OBJECT:
    case bson.ARRAY:
      return compareDocuments(a, b, collator)
    case bson.OBJECT_ID:
    case bson.BOOLEAN:
      return compareBytes(a, b)
    default:
      return compareOthers(a, b, collator)
  }
}

function compareOthers(a: RawValue, b: RawValue, collator?: Collator): number {
  switch (a.type) {
    case bson.BINARY:
    case bson.DB_POINTER:
      return compareSized(a, b)
    case bson.DATE:
      return sign(a.buffer.readBigInt64LE(a.offset), b.buffer.readBigInt64LE(b.offset))
    case bson.TIMESTAMP:
      return sign(a.buffer.readBigUInt64LE(a.offset), b.buffer.readBigUInt64LE(b.offset))
    case bson.REGEX:
      return compareBytes(a, b)
    case bson.CODE:
      return compareStringBytes(a, b)
    case bson.SCOPED_CODE:
      return compareScopedCode(a, b, collator)
    default:
      return 0
  }
}

/** The string at the offset of a string value. */
export function stringAt(buffer: Buffer, offset: number): string {
  return buffer.toString('utf8', offset + 4, offset + 3 + buffer.readInt32LE(offset))
}

function sign(x: bigint, y: bigint): number {
  return x < y ? -1 : x > y ? 1 : 0
}

function compareStringBytes(a: RawValue, b: RawValue): number {
  const from = a.offset + 4
  const start = b.offset + 4
  const end = start - 1 + b.buffer.readInt32LE(b.offset)
  return a.buffer.compare(b.buffer, start, end, from, from - 1 + a.buffer.readInt32LE(a.offset))
}

function compareBytes(a: RawValue, b: RawValue): number {
  const end = b.offset + valueSize(b.buffer, b.type, b.offset)
  const until = a.offset + valueSize(a.buffer, a.type, a.offset)
  return a.buffer.compare(b.buffer, b.offset, end, a.offset, until)
}

/** Shorter ones come first, whatever is in them. */
function compareSized(a: RawValue, b: RawValue): number {
  const length = a.buffer.readInt32LE(a.offset) - b.buffer.readInt32LE(b.offset)
  if (length !== 0) return length < 0 ? -1 : 1
  return compareBytes(a, b)
}

/** Field by field: type, name, value; then the one with fewer fields comes first. */
function compareDocuments(a: RawValue, b: RawValue, collator?: Collator): number {
  const hasNames = a.type === bson.OBJECT
  let left = a.offset + 4
  let right = b.offset + 4
  for (;;) {
    const x = a.buffer[left] ?? 0
    const y = b.buffer[right] ?? 0
    if (x === 0 || y === 0) return x === y ? 0 : x === 0 ? -1 : 1
    const rank = rankOf(x) - rankOf(y)
    if (rank !== 0) return rank < 0 ? -1 : 1
    const nameEnd = a.buffer.indexOf(0, left + 1)
    const otherEnd = b.buffer.indexOf(0, right + 1)
    if (hasNames) {
      const names = a.buffer.compare(b.buffer, right + 1, otherEnd, left + 1, nameEnd)
      if (names !== 0) return names
    }
    const first: RawValue = { buffer: a.buffer, type: x, offset: nameEnd + 1 }
    const second: RawValue = { buffer: b.buffer, type: y, offset: otherEnd + 1 }
    const order = compareRaw(first, second, collator)
    if (order !== 0) return order
    left = first.offset + valueSize(a.buffer, x, first.offset)
    right = second.offset + valueSize(b.buffer, y, second.offset)
  }
}

function compareScopedCode(a: RawValue, b: RawValue, collator?: Collator): number {
  const code = compareStringBytes(codeOf(a), codeOf(b))
  return code === 0 ? compareDocuments(scopeOf(a), scopeOf(b), collator) : code
}

/** The code of a value that is code with a scope. */
export function codeOf({ buffer, offset }: RawValue): RawValue {
  return { buffer, type: bson.STRING, offset: offset + 4 }
}

/** The scope of a value that is code with a scope. */
export function scopeOf({ buffer, offset }: RawValue): RawValue {
  const code = offset + 4
  return { buffer, type: bson.OBJECT, offset: code + 4 + buffer.readInt32LE(code) }
}
