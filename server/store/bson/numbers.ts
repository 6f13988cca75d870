import { DECIMAL, DOUBLE, INT, LONG, type RawValue } from './raw.js'

/** A finite number without any rounding: `numerator / denominator`, the denominator positive. */
export interface Rational {
  readonly numerator: bigint
  readonly denominator: bigint
}

const DECIMAL_BIAS = 6176
const DECIMAL_LIMIT = 10n ** 34n
const LOW_49_BITS = (1n << 49n) - 1n
const SAFE_HIGH = 0x200000

/** Tells BSON's four types of number. */
export function isNumberType(type: number): boolean {
  return type === INT || type === DOUBLE || type === LONG || type === DECIMAL
}

/** The double nearest to a number of any type. */
export function nearestDouble({ buffer, type, offset }: RawValue): number {
  if (type === INT) return buffer.readInt32LE(offset)
  if (type === DOUBLE) return buffer.readDoubleLE(offset)
  if (type === LONG) return longToDouble(buffer, offset)
  return decimalToDouble(buffer, offset)
}

/** The double nearest to a long; the sum rounds once. */
export function longToDouble(buffer: Buffer, offset: number): number {
  return buffer.readInt32LE(offset + 4) * 4294967296 + buffer.readUInt32LE(offset)
}

/** Whether a number is known to be no other than its nearest double. */
export function isExactDouble({ buffer, type, offset }: RawValue): boolean {
  if (type === LONG) {
    const high = buffer.readInt32LE(offset + 4)
    return high < SAFE_HIGH && high >= -SAFE_HIGH
  }
  return type !== DECIMAL
}

interface Decimal {
  readonly negative: boolean
  readonly kind: 'finite' | 'infinite' | 'nan'
  readonly coefficient: bigint
  readonly exponent: number
}

function readDecimal(buffer: Buffer, offset: number): Decimal {
  const high = buffer.readBigUInt64LE(offset + 8)
  const negative = high >> 63n === 1n
  const top = Number((high >> 58n) & 0x1fn)
  if (top >= 0x1e) {
    const kind = top === 0x1f ? 'nan' : 'infinite'
    return { negative, kind, coefficient: 0n, exponent: 0 }
  }
  const isLarge = top >= 0x18
  const coefficient = ((high & LOW_49_BITS) << 64n) | buffer.readBigUInt64LE(offset)
  return {
    negative,
    kind: 'finite',
    coefficient: isLarge || coefficient >= DECIMAL_LIMIT ? 0n : coefficient,
    exponent: Number((high >> 49n) & 0x3fffn) - DECIMAL_BIAS,
  }
}

function decimalToDouble(buffer: Buffer, offset: number): number {
  const { negative, kind, coefficient, exponent } = readDecimal(buffer, offset)
  if (kind === 'nan') return Number.NaN
  const magnitude =
    kind === 'infinite' ? Infinity : Number(`${String(coefficient)}e${String(exponent)}`)
  return negative ? -magnitude : magnitude
}

/** A number as a fraction; undefined for NaN and the infinities. */
export function exactValue(value: RawValue): Rational | undefined {
  const { buffer, type, offset } = value
  if (type === LONG) return { numerator: buffer.readBigInt64LE(offset), denominator: 1n }
  if (type === DECIMAL) return exactDecimal(buffer, offset)
  return exactDouble(nearestDouble(value))
}

function exactDecimal(buffer: Buffer, offset: number): Rational | undefined {
  const { negative, kind, coefficient, exponent } = readDecimal(buffer, offset)
  if (kind !== 'finite') return undefined
  const signed = negative ? -coefficient : coefficient
  if (signed === 0n) return { numerator: 0n, denominator: 1n }
  if (exponent >= 0) return { numerator: signed * 10n ** BigInt(exponent), denominator: 1n }
  return { numerator: signed, denominator: 10n ** BigInt(-exponent) }
}

const bits = new DataView(new ArrayBuffer(8))

function exactDouble(value: number): Rational | undefined {
  if (!Number.isFinite(value)) return undefined
  if (Number.isInteger(value)) return { numerator: BigInt(value), denominator: 1n }
  bits.setFloat64(0, value)
  const raw = bits.getBigUint64(0)
  const power = Number((raw >> 52n) & 0x7ffn)
  const fraction = raw & 0xfffffffffffffn
  const mantissa = power === 0 ? fraction : fraction | (1n << 52n)
  const signed = value < 0 ? -mantissa : mantissa
  return { numerator: signed, denominator: 1n << BigInt(1075 - Math.max(power, 1)) }
}

/** Orders two numbers of any types by their exact values; NaN comes first, zeros are one. */
export function compareNumbers(a: RawValue, b: RawValue): number {
  const x = nearestDouble(a)
  const y = nearestDouble(b)
  if (x < y) return -1
  if (x > y) return 1
  if (x !== y) {
    if (!Number.isNaN(x)) return 1
    return Number.isNaN(y) ? 0 : -1
  }
  if (isExactDouble(a) && isExactDouble(b)) return 0
  return compareExactly(a, b)
}

/** Both round to the same double: infinities are beyond what only rounds to them. */
function compareExactly(a: RawValue, b: RawValue): number {
  const left = exactValue(a)
  const right = exactValue(b)
  const sign = nearestDouble(a) < 0 ? -1 : 1
  if (left === undefined || right === undefined) {
    if (left === right) return 0
    return left === undefined ? sign : -sign
  }
  const x = left.numerator * right.denominator
  const y = right.numerator * left.denominator
  return x < y ? -1 : x > y ? 1 : 0
}
