import { Binary, Decimal128, Double, Int32, Long, ObjectId } from 'bson'
import { encode } from '../../bson/raw.js'
import { isPlainObject } from '../../commands/schema.js'
import { MongoError } from '../../errors.js'
import * as decimals from '../decimals.js'
import { bigOf, integer, isInteger, isNumber, toDouble } from '../numbers.js'
import type { Operator, Operators } from '../operators.js'
import { isNullish, isTruthy, typeOf } from '../values.js'
import { exactly, family, fieldsOf, unary } from './pure.js'

function failure(value: unknown, to: string, why = 'no onError value'): MongoError {
  return new MongoError(
    241,
    `Unsupported conversion from ${typeOf(value)} to ${to} in $convert with ${why}`,
  )
}

function parsed(value: string, to: string, pattern: RegExp): number {
  const number = pattern.test(value) ? Number(value) : Number.NaN
  if (!Number.isNaN(number) || value === 'NaN') return number
  throw new MongoError(241, `Failed to parse number '${value}' in $convert to ${to}`)
}

const INTEGER = /^[+-]?\d+$/
const REAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$|^[+-]?Infinity$/i

function wholeNumber(value: unknown, to: string): bigint {
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (isInteger(value)) return bigOf(value)
  if (typeof value === 'string') {
    parsed(value, to, INTEGER)
    return BigInt(value.replace(/^\+/, ''))
  }
  if (value instanceof Date && to === 'long') return BigInt(value.getTime())
  if (!isNumber(value)) throw failure(value, to)
  const part =
    value instanceof Decimal128 ? decimals.integerPart(value) : integerOf(toDouble(value))
  if (part === undefined) throw failure(value, to, 'a value that is not finite')
  return part
}

const integerOf = (value: number): bigint | undefined =>
  Number.isFinite(value) ? BigInt(Math.trunc(value)) : undefined

function toInt(value: unknown): Int32 {
  const result = integer(wholeNumber(value, 'int'))
  if (result instanceof Int32) return result
  throw failure(value, 'int', 'an overflow')
}

function toLong(value: unknown): Long {
  const result = integer(wholeNumber(value, 'long'))
  if (result instanceof Int32) return Long.fromNumber(result.value)
  if (result instanceof Long) return result
  throw failure(value, 'long', 'an overflow')
}

function toReal(value: unknown): Double {
  if (typeof value === 'boolean') return new Double(value ? 1 : 0)
  if (isNumber(value)) return new Double(toDouble(value))
  if (value instanceof Date) return new Double(value.getTime())
  if (typeof value === 'string') return new Double(parsed(value, 'double', REAL))
  throw failure(value, 'double')
}

function toDecimal(value: unknown): Decimal128 {
  if (typeof value === 'boolean') return Decimal128.fromString(value ? '1' : '0')
  if (isNumber(value)) return decimals.decimalOf(value)
  if (value instanceof Date) return Decimal128.fromString(String(value.getTime()))
  if (typeof value !== 'string') throw failure(value, 'decimal')
  parsed(value, 'decimal', REAL)
  return Decimal128.fromStringWithRounding(value)
}

function toDate(value: unknown): Date {
  if (value instanceof Date) return value
  if (value instanceof ObjectId) return value.getTimestamp()
  if (isNumber(value) && !(value instanceof Int32)) return new Date(toDouble(value))
  if (typeof value !== 'string') throw failure(value, 'date')
  const hasZone = /(Z|[+-]\d{2}:?\d{2})$/i.test(value)
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(value)
  const date = new Date(hasZone || isDay ? value : `${value}Z`)
  if (!Number.isNaN(date.getTime())) return date
  throw new MongoError(241, `Error parsing date string '${value}'`)
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean' || isNumber(value)) return String(value)
  if (value instanceof Date) return value.toISOString()
  if (value instanceof ObjectId) return value.toHexString()
  if (value instanceof Binary && value.sub_type === Binary.SUBTYPE_UUID)
    return value.toUUID().toString()
  throw failure(value, 'string')
}

function toObjectId(value: unknown): ObjectId {
  if (value instanceof ObjectId) return value
  if (typeof value !== 'string') throw failure(value, 'objectId')
  if (/^[\da-f]{24}$/i.test(value)) return ObjectId.createFromHexString(value)
  throw new MongoError(241, `Failed to parse objectId '${value}' in $convert with no onError value`)
}

const CONVERSIONS: Readonly<Record<string, (value: unknown) => unknown>> = {
  double: toReal,
  string: toText,
  objectId: toObjectId,
  bool: (value) => isTruthy(value),
  date: toDate,
  int: toInt,
  long: toLong,
  decimal: toDecimal,
}

/** Types by the numbers that BSON gives them. */
const BY_NUMBER: Readonly<Record<number, string>> = {
  1: 'double',
  2: 'string',
  7: 'objectId',
  8: 'bool',
  9: 'date',
  16: 'int',
  18: 'long',
  19: 'decimal',
}

const converted: Operator = (operand, compiler) => {
  const given = fieldsOf('$convert', operand, {
    required: ['input', 'to'],
    optional: ['onError', 'onNull', 'format'],
  })
  const [input, to] = [compiler.compile(given['input']), compiler.compile(given['to'])]
  const onNull = compiler.compile(given['onNull'] ?? null)
  const onError = 'onError' in given ? compiler.compile(given['onError']) : undefined
  return (scope) => {
    const type = to(scope)
    if (isNullish(type)) return null
    const convert = conversionTo(type)
    const value = input(scope)
    if (isNullish(value)) return onNull(scope)
    if (onError === undefined) return convert(value)
    try {
      return convert(value)
    } catch {
      return onError(scope)
    }
  }
}

function conversionTo(type: unknown): (value: unknown) => unknown {
  const name = typeof type === 'string' ? type : (BY_NUMBER[toDouble(type)] ?? '')
  const convert = CONVERSIONS[name]
  if (convert !== undefined) return convert
  throw new MongoError(2, `Unknown type name: ${String(type)}`)
}

/** Telling types and changing them. */
export const conversion: Operators = {
  ...family({
    $type: exactly(1, ([value]) => typeOf(value)),
    $isNumber: exactly(1, ([value]) => isNumber(value)),
    $toInt: unary(toInt),
    $toLong: unary(toLong),
    $toDouble: unary(toReal),
    $toDecimal: unary(toDecimal),
    $toBool: unary(isTruthy),
    $toDate: unary(toDate),
    $toString: unary(toText),
    $toObjectId: unary(toObjectId),
    $toUUID: unary((value) => {
      if (typeof value === 'string')
        return new Binary(Buffer.from(value.replaceAll('-', ''), 'hex'), 4)
      throw failure(value, 'binData')
    }),
    $bsonSize: unary((value) => {
      if (isPlainObject(value)) return new Int32(encode(value).length)
      throw new MongoError(31393, `$bsonSize requires a document input, found: ${typeOf(value)}`)
    }),
    $binarySize: unary((value) => {
      if (typeof value === 'string') return new Int32(Buffer.byteLength(value))
      if (value instanceof Binary) return new Int32(value.length())
      throw new MongoError(
        51276,
        `$binarySize requires a string or BinData argument, found: ${typeOf(value)}`,
      )
    }),
  }),
  $convert: converted,
}
