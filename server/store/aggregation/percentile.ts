import { Double, type Document } from 'bson'
import { isPlainObject } from '../commands/schema.js'
import { MongoError } from '../errors.js'
import { toDouble, type BsonNumber } from './numbers.js'
import { typeOf } from './values.js'

/** Which percentiles are asked for; a median is one of them, answered without a list. */
export interface PercentileOptions {
  readonly points: readonly number[]
  readonly single: boolean
}

/** The values at the given points, exactly: the smallest that has so many at or below it. */
export function percentileOf(
  numbers: readonly BsonNumber[],
  { points, single }: PercentileOptions,
): unknown {
  const sorted = Float64Array.from(numbers, toDouble).sort()
  const at = (point: number): unknown => {
    const found = sorted[Math.max(0, Math.ceil(point * sorted.length) - 1)]
    return found === undefined ? null : new Double(found)
  }
  const [first] = points
  return single ? at(first ?? 0.5) : points.map(at)
}

/** Reads the operand of `$percentile` or `$median`; throws MongoDB's errors for a wrong one. */
export function percentileOptions(name: string, operand: unknown): PercentileOptions {
  if (!isPlainObject(operand))
    throw new MongoError(7429703, `specification must be an object; found ${name}`)
  const isMedian = name === '$median'
  checkFields(name, operand, isMedian ? ['input', 'method'] : ['input', 'method', 'p'])
  if (operand['method'] !== 'approximate')
    throw new MongoError(2, "Currently only 'approximate' can be used as percentile 'method'.")
  if (isMedian) return { points: [0.5], single: true }
  return { points: pointsOf(operand['p']), single: false }
}

function checkFields(name: string, operand: Document, wanted: readonly string[]): void {
  const missing = wanted.find((field) => !(field in operand))
  if (missing !== undefined)
    throw new MongoError(40414, `BSON field '${name}.${missing}' is missing but a required field`)
  const unknown = Object.keys(operand).find((field) => !wanted.includes(field))
  if (unknown !== undefined)
    throw new MongoError(40415, `BSON field '${name}.${unknown}' is an unknown field.`)
}

function pointsOf(given: unknown): number[] {
  if (!Array.isArray(given) || given.length === 0)
    throw new MongoError(
      7750300,
      `The $percentile 'p' field must be an array of numbers from [0.0, 1.0], but found: ${typeOf(given)}`,
    )
  return given.map((point: unknown) => {
    const value = toDouble(point)
    if (value >= 0 && value <= 1) return value
    throw new MongoError(
      7750303,
      `The $percentile 'p' field must be an array of numbers from [0.0, 1.0], but found: ${String(point)}`,
    )
  })
}
