import { compareRaw, rankOf, rawValue, stringAt, type Collator } from '../bson/compare.js'
import { encodeRawKey } from '../bson/key-codec.js'
import { isNumberType, nearestDouble } from '../bson/numbers.js'
import * as bson from '../bson/raw.js'
import type { RawValue } from '../bson/raw.js'
import { MongoError } from '../errors.js'
import { MISSING, type Test } from './path-walk.js'
import { isOperators, isRegex } from './predicates.js'
import { compileRegex, patternOf } from './regex.js'

/** Lists longer than this are looked up by key instead of gone through. */
const LINEAR_LIST = 8

/** An operand as its test needs it; what cannot be compared with is refused. */
function operandOf(value: unknown): RawValue {
  const raw = rawValue(value)
  if (raw.type === bson.UNDEFINED) throw new MongoError(2, 'cannot compare to undefined')
  return raw
}

/** `$eq`: values of the same rank that compare as equal; `null` is also what is missing. */
export function equals(value: unknown, collator: Collator | undefined): Test {
  const operand = operandOf(value)
  switch (operand.type) {
    case bson.NULL:
      return (_buffer, type) => type === MISSING || type === bson.NULL
    case bson.OBJECT_ID:
    case bson.BOOLEAN:
      return sameBytes(operand)
    case bson.STRING:
      if (collator === undefined) return sameText(operand)
      break
    case bson.INT:
      return sameInteger(operand)
  }
  const rank = rankOf(operand.type)
  return (buffer, type, offset) => {
    return rankOf(type) === rank && compareRaw({ buffer, type, offset }, operand, collator) === 0
  }
}

function sameBytes(operand: RawValue): Test {
  const { buffer: wanted, type: kind, offset: from } = operand
  const length = bson.valueSize(wanted, kind, from)
  return (buffer, type, offset) => {
    if (type !== kind) return false
    for (let at = 0; at < length; at += 1)
      if (buffer[offset + at] !== wanted[from + at]) return false
    return true
  }
}

function sameText(operand: RawValue): Test {
  const { buffer: wanted, offset: from } = operand
  const size = 4 + wanted.readInt32LE(from)
  return (buffer, type, offset) => {
    if (type !== bson.STRING && type !== bson.SYMBOL) return false
    if (buffer[offset] !== wanted[from] || buffer[offset + 1] !== wanted[from + 1]) return false
    return buffer.compare(wanted, from, from + size, offset, offset + size) === 0
  }
}

function sameInteger(operand: RawValue): Test {
  const wanted = operand.buffer.readInt32LE(operand.offset)
  return (buffer, type, offset) => {
    if (type === bson.INT) return buffer.readInt32LE(offset) === wanted
    if (type === bson.DOUBLE) return buffer.readDoubleLE(offset) === wanted
    return isNumberType(type) && compareRaw({ buffer, type, offset }, operand) === 0
  }
}

export type RangeOperator = '$gt' | '$gte' | '$lt' | '$lte'

/** `$gt`, `$gte`, `$lt`, `$lte`: only values of the operand's own rank are compared. */
export function inRange(
  operator: RangeOperator,
  value: unknown,
  collator: Collator | undefined,
): Test {
  const operand = operandOf(value)
  const withEqual = operator.endsWith('e')
  const side = operator.startsWith('$gt') ? 1 : -1
  if (operand.type === bson.NULL)
    return withEqual ? (_buffer, type) => type === MISSING || type === bson.NULL : () => false
  if (operand.type === bson.MIN_KEY || operand.type === bson.MAX_KEY)
    return besideAll(operand, side, withEqual)
  const rank = rankOf(operand.type)
  const isNumber = isNumberType(operand.type)
  if (isNumber && Number.isNaN(nearestDouble(operand)))
    return withEqual ? (buffer, type, offset) => isNaN({ buffer, type, offset }) : () => false
  return (buffer, type, offset) => {
    if (rankOf(type) !== rank) return false
    const order = compareRaw({ buffer, type, offset }, operand, collator)
    if (order === 0) return withEqual
    if (order !== side) return false
    return !isNumber || side > 0 || !isNaN({ buffer, type, offset })
  }
}

/** `MinKey` is below and `MaxKey` above all, whatever its type, even what is missing. */
function besideAll(operand: RawValue, side: number, withEqual: boolean): Test {
  const isBeyond = (operand.type === bson.MIN_KEY) === side > 0
  return (_buffer, type) => (type === operand.type ? withEqual : isBeyond)
}

function isNaN(value: RawValue): boolean {
  return isNumberType(value.type) && Number.isNaN(nearestDouble(value))
}

/** `$in`: equal to one of a list, or matched by one of its regular expressions. */
export function isOneOf(list: unknown, collator: Collator | undefined): Test {
  if (!Array.isArray(list)) throw new MongoError(2, '$in needs an array')
  if (list.some(isOperators)) throw new MongoError(2, 'cannot nest $ under $in')
  const patterns = list.filter(isRegex).map((one) => matchesRegex(one, undefined))
  const values: unknown[] = list.filter((one) => !isRegex(one))
  const isLong = values.length > LINEAR_LIST && collator === undefined
  const tests = isLong ? [isListed(values)] : values.map((one) => equals(one, collator))
  return anyTest([...tests, ...patterns])
}

/** Passes what one of several tests passes. */
export function anyTest(tests: readonly Test[]): Test {
  const [only] = tests
  if (only !== undefined && tests.length === 1) return only
  return (buffer, type, offset) => {
    for (const test of tests) if (test(buffer, type, offset)) return true
    return false
  }
}

function isListed(values: readonly unknown[]): Test {
  const keys = new Set<string>()
  const ranks = new Set<number>()
  for (const value of values) {
    const operand = operandOf(value)
    ranks.add(rankOf(operand.type))
    keys.add(keyText(operand))
  }
  const hasNull = ranks.has(rankOf(bson.NULL))
  return (buffer, type, offset) => {
    if (type === MISSING) return hasNull
    return ranks.has(rankOf(type)) && keys.has(keyText({ buffer, type, offset }))
  }
}

function keyText(value: RawValue): string {
  const { buffer, type, offset } = value
  if (type === bson.OBJECT_ID) return buffer.toString('latin1', offset, offset + 12)
  return encodeRawKey([value], [1]).toString('latin1')
}

/** `$regex`: matching text, or a stored expression that is the same. */
export function matchesRegex(value: unknown, options: unknown): Test {
  const found = patternOf(value)
  if (found === undefined) throw new MongoError(2, '$regex has to be a string')
  if (options !== undefined && typeof options !== 'string')
    throw new MongoError(2, '$options has to be a string')
  if (options !== undefined && options !== '' && found.options !== '')
    throw new MongoError(51075, 'options set in both $regex and $options')
  const flags = typeof options === 'string' && options !== '' ? options : found.options
  const regex = compileRegex(found.pattern, flags)
  const stored = Buffer.from(`${found.pattern}\0${[...flags].sort().join('')}\0`)
  return (buffer, type, offset) => {
    if (type === bson.STRING || type === bson.SYMBOL) return regex.test(stringAt(buffer, offset))
    if (type !== bson.REGEX) return false
    return stored.equals(buffer.subarray(offset, offset + stored.length))
  }
}
