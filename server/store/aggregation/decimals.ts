import { Decimal128, Int32, Long } from 'bson'

/** Digits that a 128-bit decimal holds. */
const PRECISION = 34
const LARGEST_EXPONENT = 6111
const SMALLEST_EXPONENT = -6176

/** A decimal taken apart: `sign * digits * 10^exponent`; without digits it is infinite or no number. */
interface Parts {
  readonly digits: bigint
  readonly exponent: number
}

type Special = 'NaN' | 'Infinity' | '-Infinity'

/** A number as a decimal; a double by its shortest notation of at most 15 digits. */
export function decimalOf(value: unknown): Decimal128 {
  if (value instanceof Decimal128) return value
  if (value instanceof Int32 || value instanceof Long) return Decimal128.fromString(String(value))
  const double = Number(value)
  if (!Number.isFinite(double)) return Decimal128.fromString(String(double))
  return Decimal128.fromString(Number.isInteger(double) ? String(BigInt(double)) : shortest(double))
}

const shortest = (double: number): string => String(Number(double.toPrecision(15)))

function parse(value: Decimal128): Parts | Special {
  const text = value.toString()
  if (text === 'NaN' || text === 'Infinity' || text === '-Infinity') return text
  const [mantissa = '0', power = '0'] = text.split('E')
  const [whole = '0', fraction = ''] = mantissa.split('.')
  return { digits: BigInt(whole + fraction), exponent: Number(power) - fraction.length }
}

/** Rounds half to even when there are more digits than a decimal holds. */
function make({ digits, exponent }: Parts): Decimal128 {
  const extra = length(digits) - PRECISION
  if (extra > 0) return make(shortened(digits, exponent, extra))
  if (exponent > LARGEST_EXPONENT)
    return Decimal128.fromString(digits < 0n ? '-Infinity' : 'Infinity')
  if (exponent < SMALLEST_EXPONENT)
    return make(shortened(digits, exponent, SMALLEST_EXPONENT - exponent))
  return Decimal128.fromString(`${String(digits)}E${String(exponent)}`)
}

function shortened(digits: bigint, exponent: number, by: number): Parts {
  const unit = 10n ** BigInt(by)
  const [quotient, rest] = [digits / unit, digits % unit]
  const twice = (rest < 0n ? -rest : rest) * 2n
  const up = twice > unit || (twice === unit && quotient % 2n !== 0n)
  const step = digits < 0n ? -1n : 1n
  return { digits: up ? quotient + step : quotient, exponent: exponent + by }
}

const length = (digits: bigint): number => String(digits).replace('-', '').length

/** Applies an exact rule to finite decimals, and that of doubles to the others. */
function calculate(
  exact: (a: Parts, b: Parts) => Parts,
  inexact: (a: number, b: number) => number,
) {
  return (a: Decimal128, b: Decimal128): Decimal128 => {
    const [left, right] = [parse(a), parse(b)]
    if (typeof left === 'string' || typeof right === 'string')
      return Decimal128.fromString(String(inexact(Number(a.toString()), Number(b.toString()))))
    return make(exact(left, right))
  }
}

function aligned(a: Parts, b: Parts): [bigint, bigint, number] {
  const exponent = Math.min(a.exponent, b.exponent)
  const scale = (one: Parts): bigint => one.digits * 10n ** BigInt(one.exponent - exponent)
  return [scale(a), scale(b), exponent]
}

export const add = calculate(
  (a, b) => {
    const [left, right, exponent] = aligned(a, b)
    return { digits: left + right, exponent }
  },
  (a, b) => a + b,
)

export const subtract = calculate(
  (a, b) => {
    const [left, right, exponent] = aligned(a, b)
    return { digits: left - right, exponent }
  },
  (a, b) => a - b,
)

export const multiply = calculate(
  (a, b) => ({ digits: a.digits * b.digits, exponent: a.exponent + b.exponent }),
  (a, b) => a * b,
)

/** The divisor must not be zero. */
export const divide = calculate(
  (a, b) => {
    const shift = PRECISION + length(b.digits)
    const digits = (a.digits * 10n ** BigInt(shift)) / b.digits
    return trimmed({ digits, exponent: a.exponent - b.exponent - shift }, a.exponent - b.exponent)
  },
  (a, b) => a / b,
)

/** The divisor must not be zero. */
export const remainder = calculate(
  (a, b) => {
    const [left, right, exponent] = aligned(a, b)
    return { digits: left % right, exponent }
  },
  (a, b) => a % b,
)

/** An exact quotient has no more zeros at its end than its operands ask for. */
function trimmed({ digits, exponent }: Parts, wanted: number): Parts {
  let [left, power] = [digits, exponent]
  while (power < wanted && left % 10n === 0n) [left, power] = [left / 10n, power + 1]
  return { digits: left, exponent: power }
}

/** Order by value; NaN comes before all others. */
export function compare(a: Decimal128, b: Decimal128): number {
  const [left, right] = [parse(a), parse(b)]
  if (typeof left === 'string' || typeof right === 'string') return rank(left) - rank(right)
  const [first, second] = aligned(left, right)
  return first === second ? 0 : first > second ? 1 : -1
}

const rank = (value: Parts | Special): number =>
  value === 'NaN' ? -2 : value === '-Infinity' ? -1 : value === 'Infinity' ? 1 : 0

/** Rounds to a number of places after the point; negative ones are before it. */
export function toPlaces(value: Decimal128, places: number, how: 'even' | 'zero' | 'down' | 'up') {
  const parts = parse(value)
  if (typeof parts === 'string' || parts.exponent >= -places) return value
  const by = -places - parts.exponent
  if (how === 'even') return make(shortened(parts.digits, parts.exponent, by))
  const unit = 10n ** BigInt(by)
  const [quotient, rest] = [parts.digits / unit, parts.digits % unit]
  const step = how === 'down' && rest < 0n ? -1n : how === 'up' && rest > 0n ? 1n : 0n
  return make({ digits: quotient + step, exponent: -places })
}

/** The integer part of a finite decimal; nothing for the others. */
export function integerPart(value: Decimal128): bigint | undefined {
  const parts = parse(value)
  if (typeof parts === 'string') return undefined
  const { digits, exponent } = parts
  return exponent >= 0 ? digits * 10n ** BigInt(exponent) : digits / 10n ** BigInt(-exponent)
}
