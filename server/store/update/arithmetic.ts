import { Double, Int32, Long, type Decimal128 } from 'bson'
import { add, multiply, type BsonNumber } from '../aggregation/numbers.js'
import { rawValue } from '../bson/compare.js'
import { decodeValue, INT, type RawValue } from '../bson/raw.js'
import { MongoError } from '../errors.js'

const OPERATIONS = {
  $inc: { small: (a: number, b: number) => a + b, any: add },
  $mul: { small: (a: number, b: number) => a * b, any: multiply },
}

/** The sum or product of two numbers, in the wider of their types; an int grows to a long. */
export function calculate(operator: '$inc' | '$mul', a: RawValue, b: RawValue): RawValue {
  const { small, any } = OPERATIONS[operator]
  if (a.type === INT && b.type === INT) {
    const result = small(a.buffer.readInt32LE(a.offset), b.buffer.readInt32LE(b.offset))
    if ((result | 0) === result) return intValue(result)
  }
  const left = decodeValue(a) as BsonNumber
  const right = decodeValue(b) as BsonNumber
  const result = any(left, right)
  if (isInteger(left) && isInteger(right) && result instanceof Double)
    throw new MongoError(2, `Failed to apply ${operator} operations to current value: it overflows`)
  return rawValue(result)
}

function isInteger(value: Int32 | Long | Double | Decimal128): boolean {
  return value instanceof Int32 || value instanceof Long
}

function intValue(value: number): RawValue {
  const buffer = Buffer.allocUnsafe(4)
  buffer.writeInt32LE(value)
  return { buffer, type: INT, offset: 0 }
}

const BITS: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
}

/** Applies `$bit`'s operations one after the other; a long stays or becomes a long. */
export function changeBits(
  before: RawValue | undefined,
  operations: readonly (readonly [string, Int32 | Long])[],
): RawValue {
  let value: unknown = before === undefined ? new Int32(0) : decodeValue(before)
  for (const [name, operand] of operations) {
    if (!(value instanceof Int32 || value instanceof Long))
      throw new MongoError(2, 'Cannot apply $bit to a value of non-integral type')
    const isLong = value instanceof Long || operand instanceof Long
    const result = BITS[name]?.(bigOf(value), bigOf(operand)) ?? 0n
    value = isLong ? Long.fromBigInt(result) : new Int32(Number(result))
  }
  return rawValue(value)
}

/** Checks the operand of `$bit`. */
export function bitOperations(operand: unknown): (readonly [string, Int32 | Long])[] {
  if (typeof operand !== 'object' || operand === null || Object.keys(operand).length === 0)
    throw new MongoError(
      2,
      'The $bit modifier is not compatible with this value, it needs an object',
    )
  return Object.entries(operand).map(([name, value]: [string, unknown]) => {
    if (BITS[name] === undefined)
      throw new MongoError(
        2,
        `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}'`,
      )
    if (!(value instanceof Int32 || value instanceof Long))
      throw new MongoError(2, 'The $bit modifier field must be an Integer(32/64 bit)')
    return [name, value] as const
  })
}

const bigOf = (value: Int32 | Long): bigint =>
  value instanceof Int32 ? BigInt(value.value) : value.toBigInt()
