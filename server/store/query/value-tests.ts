import { Binary } from 'bson'
import { exactValue, isNumberType, nearestDouble } from '../bson/numbers.js'
import * as bson from '../bson/raw.js'
import { isPlainObject, numeric } from '../commands/schema.js'
import { rawValue } from '../bson/compare.js'
import { MongoError } from '../errors.js'
import { MISSING, type Test } from './path-walk.js'

/** The types by the names that `$type` and `$jsonSchema` know. */
export const TYPES: Readonly<Record<string, readonly number[]>> = {
  double: [bson.DOUBLE],
  string: [bson.STRING],
  object: [bson.OBJECT],
  array: [bson.ARRAY],
  binData: [bson.BINARY],
  undefined: [bson.UNDEFINED],
  objectId: [bson.OBJECT_ID],
  bool: [bson.BOOLEAN],
  date: [bson.DATE],
  null: [bson.NULL],
  regex: [bson.REGEX],
  dbPointer: [bson.DB_POINTER],
  javascript: [bson.CODE],
  symbol: [bson.SYMBOL],
  javascriptWithScope: [bson.SCOPED_CODE],
  int: [bson.INT],
  timestamp: [bson.TIMESTAMP],
  long: [bson.LONG],
  decimal: [bson.DECIMAL],
  minKey: [bson.MIN_KEY],
  maxKey: [bson.MAX_KEY],
  number: [bson.INT, bson.DOUBLE, bson.LONG, bson.DECIMAL],
}
const KNOWN = new Set(Object.values(TYPES).flat())

/** `$type`: one of the types named, by name or by number. */
export function hasType(operand: unknown): Test {
  const list: unknown[] = Array.isArray(operand) ? operand : [operand]
  if (list.length === 0) throw new MongoError(9, 'a must match at least one type')
  const types = new Set(list.flatMap(typesOf))
  return (_buffer, type) => types.has(type)
}

function typesOf(wanted: unknown): readonly number[] {
  if (typeof wanted === 'string') {
    const types = TYPES[wanted]
    if (types === undefined) throw new MongoError(2, `Unknown type name alias: ${wanted}`)
    return types
  }
  const code = numeric(wanted)
  if (Number.isNaN(code))
    throw new MongoError(14, 'type must be represented as a number or a string')
  const type = code === -1 ? bson.MIN_KEY : code
  if (!KNOWN.has(type)) throw new MongoError(2, `Invalid numerical type code: ${String(code)}`)
  return [type]
}

/** `$exists`: a value is there, whatever it is. */
export const isThere: Test = (_buffer, type) => type !== MISSING

/** `$mod`: numbers, cut to integers, that leave this remainder. */
export function leaves(operand: unknown): Test {
  if (!Array.isArray(operand)) throw new MongoError(2, 'malformed mod, needs to be an array')
  if (operand.length < 2) throw new MongoError(2, 'malformed mod, not enough elements')
  if (operand.length > 2) throw new MongoError(2, 'malformed mod, too many elements')
  const [divisor, remainder] = operand.map((value: unknown, at) => {
    const found = Number.isFinite(numeric(value)) ? integerOf(rawValue(value)) : undefined
    const what = at === 0 ? 'divisor' : 'remainder'
    if (found === undefined) throw new MongoError(2, `malformed mod, ${what} not a number`)
    return found
  })
  if (divisor === undefined || divisor === 0n) throw new MongoError(2, 'divisor cannot be 0')
  return (buffer, type, offset) => {
    if (!isNumberType(type)) return false
    const value = integerOf({ buffer, type, offset })
    return value !== undefined && value % divisor === remainder
  }
}

/** A number cut to an integer, undefined when it is no number that fits a long. */
function integerOf(value: bson.RawValue): bigint | undefined {
  if (!isNumberType(value.type) || Math.abs(nearestDouble(value)) > 2 ** 63) return undefined
  const exact = exactValue(value)
  return exact === undefined ? undefined : exact.numerator / exact.denominator
}

/** `$size`: an array of so many elements. */
export function hasSize(operand: unknown): Test {
  const size = numeric(operand)
  if (!Number.isInteger(size))
    throw new MongoError(2, 'Failed to parse $size. Expected a number in: $size')
  if (size < 0) throw new MongoError(2, 'Failed to parse $size. Expected a non-negative number')
  return (buffer, type, offset) => type === bson.ARRAY && countElements(buffer, offset) === size
}

/** How many elements the array or document at an offset has. */
export function countElements(buffer: Buffer, start: number): number {
  let count = 0
  let at = start + 4
  for (let type = buffer[at] ?? 0; type !== 0; type = buffer[at] ?? 0) {
    const offset = bson.valueOffset(buffer, at)
    at = offset + bson.valueSize(buffer, type, offset)
    count += 1
  }
  return count
}

export type BitOperator = '$bitsAllSet' | '$bitsAllClear' | '$bitsAnySet' | '$bitsAnyClear'

/** `$bitsAllSet` and its like: the bits of an integer, or of binary data from its first byte. */
export function hasBits(operator: BitOperator, operand: unknown): Test {
  const mask = maskOf(operator, operand)
  const passes: Readonly<Record<BitOperator, (set: bigint) => boolean>> = {
    $bitsAllSet: (set) => set === mask,
    $bitsAllClear: (set) => set === 0n,
    $bitsAnySet: (set) => set !== 0n,
    $bitsAnyClear: (set) => set !== mask,
  }
  const test = passes[operator]
  return (buffer, type, offset) => {
    const bits = bitsOf({ buffer, type, offset })
    return bits !== undefined && test(bits & mask)
  }
}

function bitsOf(value: bson.RawValue): bigint | undefined {
  const { buffer, type, offset } = value
  if (type === bson.BINARY)
    return littleEndian(buffer.subarray(offset + 5, offset + 5 + buffer.readInt32LE(offset)))
  const exact = isNumberType(type) ? exactValue(value) : undefined
  if (exact === undefined || exact.numerator % exact.denominator !== 0n) return undefined
  const integer = exact.numerator / exact.denominator
  return BigInt.asIntN(64, integer) === integer ? integer : undefined
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((bits, byte) => (bits << 8n) | BigInt(byte), 0n)
}

function maskOf(operator: string, operand: unknown): bigint {
  if (operand instanceof Binary) return littleEndian(operand.buffer.subarray(0, operand.position))
  if (Array.isArray(operand))
    return operand.reduce<bigint>((mask, position: unknown) => mask | bitAt(position), 0n)
  const mask = numeric(operand)
  if (!Number.isInteger(mask) || isPlainObject(operand))
    throw new MongoError(
      2,
      `v takes an Array, a number, or a BinData but received: ${operator}: ${String(operand)}`,
    )
  if (mask < 0) throw new MongoError(9, `Expected a non-negative number in: ${operator}`)
  return bitsOf(rawValue(operand)) ?? 0n
}

function bitAt(position: unknown): bigint {
  const at = numeric(position)
  if (!Number.isInteger(at) || at < 0)
    throw new MongoError(2, `bit positions must be non-negative integers but got: ${String(at)}`)
  return 1n << BigInt(at)
}

/** Whether a flag, of whatever type, is on. */
export function isOn(value: unknown): boolean {
  return value !== false && value !== null && value !== undefined && numeric(value) !== 0
}
