import { Decimal128, Double, Int32, Long } from 'bson'
import * as decimals from './decimals.js'

/** Any of BSON's four numbers; a computation keeps the widest type of its operands, as MongoDB does. */
export type BsonNumber = Int32 | Long | Double | Decimal128

const MOST_INT = 2 ** 31 - 1
const LEAST_INT = -(2 ** 31)
const MOST_LONG = 2n ** 63n - 1n
const LEAST_LONG = -(2n ** 63n)

export function isNumber(value: unknown): value is BsonNumber {
  return (
    value instanceof Int32 ||
    value instanceof Double ||
    value instanceof Long ||
    value instanceof Decimal128
  )
}

export function isInteger(value: unknown): value is Int32 | Long {
  return value instanceof Int32 || value instanceof Long
}

/** The nearest double; NaN for what is no number. */
export function toDouble(value: unknown): number {
  if (value instanceof Int32 || value instanceof Double) return value.value
  if (value instanceof Long) return value.toNumber()
  if (value instanceof Decimal128) return Number(value.toString())
  return typeof value === 'number' ? value : Number.NaN
}

/** An integer in the smallest type that holds it; beyond 64 bits a double. */
export function integer(value: bigint): BsonNumber {
  if (value >= LEAST_INT && value <= MOST_INT) return new Int32(Number(value))
  return value >= LEAST_LONG && value <= MOST_LONG
    ? Long.fromBigInt(value)
    : new Double(Number(value))
}

/** A JavaScript number as BSON would store it: integers as such, all others as doubles. */
export function fromNumber(value: number): BsonNumber {
  if (!Number.isInteger(value) || Object.is(value, -0)) return new Double(value)
  if (value >= LEAST_INT && value <= MOST_INT) return new Int32(value)
  return Number.isSafeInteger(value) ? Long.fromNumber(value) : new Double(value)
}

/** The exact value of an int or a long. */
export const bigOf = (value: Int32 | Long): bigint =>
  value instanceof Int32 ? BigInt(value.value) : value.toBigInt()

interface Operation {
  readonly small: (a: number, b: number) => number
  readonly big: (a: bigint, b: bigint) => bigint
  readonly decimal: (a: Decimal128, b: Decimal128) => Decimal128
}

/** Makes a function of two numbers from what it does with integers, doubles and decimals. */
function operation({ small, big, decimal }: Operation) {
  return (a: BsonNumber, b: BsonNumber): BsonNumber => {
    if (a instanceof Int32 && b instanceof Int32) {
      const result = small(a.value, b.value)
      return Number.isSafeInteger(result)
        ? fromInteger(result)
        : integer(big(BigInt(a.value), BigInt(b.value)))
    }
    if (a instanceof Decimal128 || b instanceof Decimal128)
      return decimal(decimals.decimalOf(a), decimals.decimalOf(b))
    if (a instanceof Double || b instanceof Double)
      return new Double(small(toDouble(a), toDouble(b)))
    return widest(big(bigOf(a), bigOf(b)))
  }
}

const fromInteger = (value: number): BsonNumber =>
  value >= LEAST_INT && value <= MOST_INT ? new Int32(value + 0) : Long.fromNumber(value)

/** A long stays a long, however small its value. */
const widest = (value: bigint): BsonNumber => {
  const found = integer(value)
  return found instanceof Int32 ? Long.fromNumber(found.value) : found
}

export const add = operation({
  small: (a, b) => a + b,
  big: (a, b) => a + b,
  decimal: decimals.add,
})

export const subtract = operation({
  small: (a, b) => a - b,
  big: (a, b) => a - b,
  decimal: decimals.subtract,
})

export const multiply = operation({
  small: (a, b) => a * b,
  big: (a, b) => a * b,
  decimal: decimals.multiply,
})

/** Zero divisors are the caller's to refuse. */
export const remainder = operation({
  small: (a, b) => (Number.isInteger(a) && Number.isInteger(b) ? (a % b) + 0 : a % b),
  big: (a, b) => a % b,
  decimal: decimals.remainder,
})

/** Always a double, or a decimal when one of the two is. */
export function divide(a: BsonNumber, b: BsonNumber): BsonNumber {
  if (a instanceof Decimal128 || b instanceof Decimal128)
    return decimals.divide(decimals.decimalOf(a), decimals.decimalOf(b))
  return new Double(toDouble(a) / toDouble(b))
}

/** Order of two numbers by their exact values; NaN comes before all others. */
export function compareNumbers(a: BsonNumber, b: BsonNumber): number {
  if (a instanceof Int32 && b instanceof Int32) return a.value - b.value
  if (a instanceof Long && b instanceof Long) return a.compare(b)
  if (a instanceof Decimal128 || b instanceof Decimal128)
    return decimals.compare(decimals.decimalOf(a), decimals.decimalOf(b))
  const [left, right] = [toDouble(a), toDouble(b)]
  if (Number.isNaN(left) || Number.isNaN(right))
    return Number(Number.isNaN(right)) - Number(Number.isNaN(left))
  if (left !== right || !Number.isFinite(left)) return Math.sign(left - right) || 0
  return exactly(a, b)
}

/** Two numbers with the same double can still differ where one is a long. */
function exactly(a: BsonNumber, b: BsonNumber): number {
  const big = (value: BsonNumber): bigint =>
    isInteger(value) ? bigOf(value) : BigInt(Math.trunc(toDouble(value)))
  const difference = big(a) - big(b)
  return difference === 0n ? 0 : difference > 0n ? 1 : -1
}
