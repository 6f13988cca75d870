import { Int32, ObjectId } from 'bson'
import { codeOf, rankOf, rawValue, scopeOf } from './compare.js'
import { KeyWriter } from './key-writer.js'
import { exactValue, isExactDouble, nearestDouble, type Rational } from './numbers.js'
import * as bson from './raw.js'
import { valueSize, type RawValue } from './raw.js'

type Direction = 1 | -1

const writer = new KeyWriter()

/**
 * The key of several values: the bytes of two keys compare as their values do, one value after the
 * other, a descending one the other way round. What is missing is as `null`.
 */
export function encodeRawKey(
  values: readonly (RawValue | undefined)[],
  directions: readonly Direction[],
): Buffer {
  writer.clear()
  for (const [at, value] of values.entries()) {
    const start = writer.length
    if (value === undefined) putRank(bson.NULL)
    else putValue(value)
    if (directions[at] === -1) writer.complement(start)
  }
  return writer.bytes()
}

/** The key of decoded values; `undefined` is a value of its own, before `null`. */
export function encodeKey(values: readonly unknown[], directions: readonly Direction[]): Buffer {
  writer.clear()
  for (const [at, value] of values.entries()) {
    const start = writer.length
    putDecoded(value)
    if (directions[at] === -1) writer.complement(start)
  }
  return writer.bytes()
}

/** Where an integer lies while its key is written; nothing keeps it. */
const integer = Buffer.alloc(4)

function putDecoded(value: unknown): void {
  if (value instanceof ObjectId) {
    putRank(bson.OBJECT_ID)
    writer.slice(Buffer.from(value.id), 0, 12)
  } else if (value instanceof Int32) {
    integer.writeInt32LE(value.value)
    putValue({ buffer: integer, type: bson.INT, offset: 0 })
  } else {
    putValue(rawValue(value))
  }
}

/** Ranks lie apart, so that zero can end a list of values. */
function putRank(type: number): void {
  writer.byte(rankOf(type) * 8)
}

function putValue(value: RawValue): void {
  putRank(value.type)
  putBody(value)
}

function putBody(value: RawValue): void {
  const { buffer, type, offset } = value
  switch (type) {
    case bson.INT:
    case bson.DOUBLE:
    case bson.LONG:
    case bson.DECIMAL:
      putNumber(value)
      break
    case bson.STRING:
    case bson.SYMBOL:
    case bson.CODE:
      writer.text(buffer, offset + 4, offset + 3 + buffer.readInt32LE(offset))
      break
    case bson.OBJECT:
    case bson.ARRAY:
      putDocument(value)
      break
    case bson.OBJECT_ID:
    case bson.BOOLEAN:
    case bson.REGEX:
      writer.slice(buffer, offset, offset + valueSize(buffer, type, offset))
      break
    default:
      putOther(value)
  }
}

function putOther(value: RawValue): void {
  const { buffer, type, offset } = value
  switch (type) {
    case bson.BINARY:
    case bson.DB_POINTER:
      writer.uint32(buffer.readInt32LE(offset))
      writer.slice(buffer, offset + 4, offset + valueSize(buffer, type, offset))
      break
    case bson.DATE:
      writer.uint32((buffer.readInt32LE(offset + 4) ^ 0x80000000) >>> 0)
      writer.uint32(buffer.readUInt32LE(offset))
      break
    case bson.TIMESTAMP:
      writer.uint32(buffer.readUInt32LE(offset + 4))
      writer.uint32(buffer.readUInt32LE(offset))
      break
    case bson.SCOPED_CODE:
      putBody(codeOf(value))
      putDocument(scopeOf(value))
      break
  }
}

/** As the comparison goes: of each field its type, its name (not in arrays), its value. */
function putDocument({ buffer, type: kind, offset: start }: RawValue): void {
  let at = start + 4
  for (let type = buffer[at] ?? 0; type !== 0; type = buffer[at] ?? 0) {
    const nameEnd = buffer.indexOf(0, at + 1)
    putRank(type)
    if (kind === bson.OBJECT) writer.slice(buffer, at + 1, nameEnd + 1)
    putBody({ buffer, type, offset: nameEnd + 1 })
    at = nameEnd + 1 + valueSize(buffer, type, nameEnd + 1)
  }
  writer.byte(0)
}

const NAN = 0x10
const MINUS_INFINITY = 0x20
const NEGATIVE = 0x30
const ZERO = 0x40
const POSITIVE = 0x50
const INFINITE = 0x60

function putNumber(value: RawValue): void {
  const nearest = nearestDouble(value)
  if (isExactDouble(value) && isNormal(nearest)) {
    const start = putSign(nearest < 0)
    writer.double(nearest)
    if (nearest < 0) writer.complement(start)
    return
  }
  const exact = exactValue(value)
  if (exact === undefined)
    writer.byte(Number.isNaN(nearest) ? NAN : nearest < 0 ? MINUS_INFINITY : INFINITE)
  else if (exact.numerator === 0n) writer.byte(ZERO)
  else putExact(exact)
}

const SMALLEST_NORMAL = 2 ** -1022

function isNormal(value: number): boolean {
  const magnitude = Math.abs(value)
  return magnitude >= SMALLEST_NORMAL && magnitude !== Infinity
}

function putExact({ numerator, denominator }: Rational): void {
  const isNegative = numerator < 0n
  const start = putSign(isNegative)
  writer.rational(isNegative ? -numerator : numerator, denominator)
  if (isNegative) writer.complement(start)
}

/** Of negative numbers the larger magnitude comes first, so what follows is turned round. */
function putSign(isNegative: boolean): number {
  writer.byte(isNegative ? NEGATIVE : POSITIVE)
  return writer.length
}
