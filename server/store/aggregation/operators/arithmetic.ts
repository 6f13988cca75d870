import { Decimal128, Double, Int32, Long } from 'bson'
import { MongoError } from '../../errors.js'
import * as decimals from '../decimals.js'
import {
  add,
  bigOf,
  divide,
  integer,
  isInteger,
  isNumber,
  multiply,
  remainder,
  subtract,
  toDouble,
  type BsonNumber,
} from '../numbers.js'
import type { Operators } from '../operators.js'
import { isNullish, typeOf } from '../values.js'
import { exactly, family, pure, unary } from './pure.js'

function numeric(value: unknown, name: string, code = 28765): BsonNumber {
  if (isNumber(value)) return value
  throw new MongoError(code, `${name} only supports numeric types, not ${typeOf(value)}`)
}

/** Adds numbers; one date among them makes the sum a date. */
const sum = pure({}, (args, name) => {
  if (args.some(isNullish)) return null
  let total: BsonNumber = new Int32(0)
  let date: Date | undefined
  for (const value of args) {
    if (value instanceof Date) {
      if (date !== undefined)
        throw new MongoError(16612, 'only one date allowed in an $add expression')
      date = value
    } else if (isNumber(value)) total = add(total, value)
    else
      throw new MongoError(14, `${name} only supports numeric or date types, not ${typeOf(value)}`)
  }
  return date === undefined ? total : new Date(date.getTime() + Math.round(toDouble(total)))
})

const difference = exactly(2, ([a, b]) => {
  if (isNullish(a) || isNullish(b)) return null
  if (isNumber(a) && isNumber(b)) return subtract(a, b)
  if (a instanceof Date && b instanceof Date) return Long.fromNumber(a.getTime() - b.getTime())
  if (a instanceof Date && isNumber(b)) return new Date(a.getTime() - Math.round(toDouble(b)))
  throw new MongoError(14, `can't $subtract ${typeOf(b)} from ${typeOf(a)}`)
})

const product = pure({}, (args, name) => {
  if (args.some(isNullish)) return null
  return args.map((value) => numeric(value, name, 14)).reduce(multiply, new Int32(1))
})

const quotient = exactly(2, ([a, b]) => {
  if (isNullish(a) || isNullish(b)) return null
  if (!isNumber(a) || !isNumber(b))
    throw new MongoError(
      14,
      `$divide only supports numeric types, not ${typeOf(a)} and ${typeOf(b)}`,
    )
  if (toDouble(b) === 0) throw new MongoError(2, "can't $divide by zero")
  return divide(a, b)
})

const rest = exactly(2, ([a, b]) => {
  if (isNullish(a) || isNullish(b)) return null
  if (!isNumber(a) || !isNumber(b))
    throw new MongoError(
      16611,
      `$mod only supports numeric types, not ${typeOf(a)} and ${typeOf(b)}`,
    )
  if (toDouble(b) === 0) throw new MongoError(16610, "can't $mod by zero")
  return remainder(a, b)
})

const absolute = unary((value, name) => {
  const number = numeric(value, name)
  if (isInteger(number)) {
    const result = bigOf(number)
    if (result === -(2n ** 63n)) throw new MongoError(28680, "can't take $abs of long long min")
    return keepType(number, result < 0n ? -result : result)
  }
  return number instanceof Decimal128
    ? Decimal128.fromString(number.toString().replace('-', ''))
    : new Double(Math.abs(toDouble(number)))
})

/** An int stays an int while it fits, a long stays a long. */
function keepType(number: Int32 | Long, result: bigint): BsonNumber {
  const found = integer(result)
  return number instanceof Long && found instanceof Int32 ? Long.fromBigInt(result) : found
}

type Rounding = 'even' | 'zero' | 'down' | 'up'

const whole = (how: Rounding) => unary((value, name) => roundTo(numeric(value, name), 0, how))

const rounded = (how: Rounding) =>
  pure({ least: 1, most: 2 }, ([value, places = new Int32(0)], name) => {
    if (isNullish(value) || isNullish(places)) return null
    const digits = toDouble(places)
    if (!Number.isInteger(digits)) throw new MongoError(51082, `${name} requires integral places`)
    if (digits < -20 || digits > 100)
      throw new MongoError(51083, `cannot apply ${name} with precision value ${String(digits)}`)
    return roundTo(numeric(value, name, 51081), digits, how)
  })

function roundTo(number: BsonNumber, places: number, how: Rounding): BsonNumber {
  if (isInteger(number) && places >= 0) return number
  if (number instanceof Double && !Number.isFinite(number.value)) return number
  if (number instanceof Double && places === 0) return new Double(wholeOf(number.value, how))
  const exact = decimals.toPlaces(exactDecimal(number), places, how)
  if (isInteger(number)) return keepType(number, decimals.integerPart(exact) ?? 0n)
  return number instanceof Double ? new Double(toDouble(exact)) : exact
}

const exactDecimal = (number: BsonNumber): Decimal128 =>
  number instanceof Double
    ? Decimal128.fromStringWithRounding(String(number.value))
    : decimals.decimalOf(number)

function wholeOf(value: number, how: Rounding): number {
  if (how === 'down') return Math.floor(value)
  if (how === 'up') return Math.ceil(value)
  if (how === 'zero') return Math.trunc(value)
  const below = Math.floor(value)
  const over = value - below
  if (over !== 0.5) return over < 0.5 ? below : below + 1
  return below % 2 === 0 ? below : below + 1
}

const power = exactly(2, ([base, exponent], name) => {
  if (isNullish(base) || isNullish(exponent)) return null
  const [a, b] = [numeric(base, name, 28762), numeric(exponent, name, 28763)]
  if (toDouble(a) === 0 && toDouble(b) < 0)
    throw new MongoError(28764, '$pow cannot take a base of 0 and a negative exponent')
  const isWhole = isInteger(a) && isInteger(b) && toDouble(b) >= 0
  if (!isWhole || Math.abs(toDouble(a) ** toDouble(b)) >= 2 ** 63)
    return like(Math.pow(toDouble(a), toDouble(b)), a, b)
  const result = integer(bigOf(a) ** bigOf(b))
  const isLong = a instanceof Long || b instanceof Long
  return isLong && result instanceof Int32 ? Long.fromNumber(result.value) : result
})

/** A decimal when one of the operands is, else a double. */
function like(value: number, ...operands: readonly BsonNumber[]): BsonNumber {
  return operands.some((one) => one instanceof Decimal128)
    ? decimals.decimalOf(value)
    : new Double(value)
}

/** A function of real numbers, defined on a part of them. */
const real = (run: (value: number) => number, isDefined = (_: number) => true, code = 50989) =>
  unary((value, name) => {
    const number = numeric(value, name)
    const double = toDouble(number)
    if (!Number.isNaN(double) && !isDefined(double))
      throw new MongoError(
        code,
        `cannot apply ${name} to ${String(double)}, value must be in its range`,
      )
    return like(run(double), number)
  })

const logarithm = exactly(2, ([value, base], name) => {
  if (isNullish(value) || isNullish(base)) return null
  const [a, b] = [numeric(value, name, 28756), numeric(base, name, 28757)]
  if (toDouble(a) <= 0) throw new MongoError(28758, "$log's argument must be a positive number")
  if (toDouble(b) <= 0 || toDouble(b) === 1)
    throw new MongoError(28759, "$log's base must be a positive number not equal to 1")
  return like(Math.log(toDouble(a)) / Math.log(toDouble(b)), a, b)
})

const bits = (run: (a: bigint, b: bigint) => bigint, start: bigint) =>
  pure({}, (args, name) => {
    if (args.some(isNullish)) return null
    const numbers = args.map((value) => {
      if (isInteger(value)) return value
      throw new MongoError(14, `${name} only supports int and long operands.`)
    })
    const result = numbers.map(bigOf).reduce(run, start)
    const isLong = numbers.some((number) => number instanceof Long)
    return isLong ? Long.fromBigInt(result) : new Int32(Number(result))
  })

const inverted = unary((value) => {
  if (value instanceof Int32) return new Int32(~value.value)
  if (value instanceof Long) return value.not()
  throw new MongoError(14, '$bitNot only supports int and long, not ' + typeOf(value))
})

const isFinite = (value: number): boolean => Number.isFinite(value)
const isWithinOne = (value: number): boolean => value >= -1 && value <= 1

/** Calculating with numbers. */
export const arithmetic: Operators = family({
  $add: sum,
  $subtract: difference,
  $multiply: product,
  $divide: quotient,
  $mod: rest,
  $abs: absolute,
  $ceil: whole('up'),
  $floor: whole('down'),
  $round: rounded('even'),
  $trunc: rounded('zero'),
  $pow: power,
  $sqrt: real(Math.sqrt, (value) => value >= 0, 28714),
  $exp: real(Math.exp),
  $ln: real(Math.log, (value) => value > 0, 28766),
  $log10: real(Math.log10, (value) => value > 0, 28761),
  $log: logarithm,
  $sin: real(Math.sin, isFinite),
  $cos: real(Math.cos, isFinite),
  $tan: real(Math.tan, isFinite),
  $asin: real(Math.asin, isWithinOne),
  $acos: real(Math.acos, isWithinOne),
  $atan: real(Math.atan),
  $sinh: real(Math.sinh),
  $cosh: real(Math.cosh),
  $tanh: real(Math.tanh),
  $asinh: real(Math.asinh),
  $acosh: real(Math.acosh, (value) => value >= 1),
  $atanh: real(Math.atanh, isWithinOne),
  $degreesToRadians: real((value) => (value * Math.PI) / 180),
  $radiansToDegrees: real((value) => (value * 180) / Math.PI),
  $atan2: exactly(2, ([y, x], name) => {
    if (isNullish(y) || isNullish(x)) return null
    const [a, b] = [numeric(y, name, 51044), numeric(x, name, 51045)]
    return like(Math.atan2(toDouble(a), toDouble(b)), a, b)
  }),
  $bitAnd: bits((a, b) => a & b, -1n),
  $bitOr: bits((a, b) => a | b, 0n),
  $bitXor: bits((a, b) => a ^ b, 0n),
  $bitNot: inverted,
  $rand: () => () => () => new Double(Math.random()),
})
