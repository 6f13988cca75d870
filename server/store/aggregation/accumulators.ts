import { Decimal128, Double, Int32, type Document } from 'bson'
import { isPlainObject } from '../commands/schema.js'
import { MongoError } from '../errors.js'
import * as decimals from './decimals.js'
import { add, fromNumber, isNumber, toDouble, type BsonNumber } from './numbers.js'
import { compareValues, distinct, isNullish, typeOf } from './values.js'
import { percentileOf, type PercentileOptions } from './percentile.js'

/** Takes the values of a group one by one; `undefined` is missing. */
export interface Accumulator {
  add(value: unknown): void
  result(): unknown
}

/** The sum of what is a number, in the widest type among them; doubles are summed without drift. */
export class Sum implements Accumulator {
  #exact: BsonNumber = new Int32(0)
  #double = 0
  #lost = 0
  #hasDouble = false
  count = 0

  add(value: unknown): void {
    if (!isNumber(value)) return
    this.count += 1
    if (value instanceof Double) this.#addDouble(value.value)
    else this.#exact = add(this.#exact, value)
  }

  /** Neumaier's summation: what each addition loses is kept apart. */
  #addDouble(value: number): void {
    this.#hasDouble = true
    const sum = this.#double + value
    if (Number.isFinite(sum))
      this.#lost +=
        Math.abs(this.#double) >= Math.abs(value)
          ? this.#double - sum + value
          : value - sum + this.#double
    this.#double = sum
  }

  result(): BsonNumber {
    const double = this.#double + (Number.isFinite(this.#double) ? this.#lost : 0)
    if (!this.#hasDouble) return this.#exact
    if (this.#exact instanceof Decimal128)
      return decimals.add(this.#exact, decimals.decimalOf(double))
    return new Double(double + toDouble(this.#exact))
  }
}

class Average implements Accumulator {
  readonly #sum = new Sum()

  add(value: unknown): void {
    this.#sum.add(value)
  }

  result(): unknown {
    const { count } = this.#sum
    if (count === 0) return null
    const total = this.#sum.result()
    return total instanceof Decimal128
      ? decimals.divide(total, decimals.decimalOf(new Int32(count)))
      : new Double(toDouble(total) / count)
  }
}

/** Welford's method, on doubles as MongoDB does. */
class Deviation implements Accumulator {
  readonly #sample: boolean
  #count = 0
  #mean = 0
  #squares = 0

  constructor(sample: boolean) {
    this.#sample = sample
  }

  add(value: unknown): void {
    if (!isNumber(value)) return
    this.#count += 1
    const delta = toDouble(value) - this.#mean
    this.#mean += delta / this.#count
    this.#squares += delta * (toDouble(value) - this.#mean)
  }

  result(): unknown {
    const divisor = this.#sample ? this.#count - 1 : this.#count
    return divisor <= 0 ? null : new Double(Math.sqrt(this.#squares / divisor))
  }
}

class Extreme implements Accumulator {
  readonly #sign: number
  #found: unknown

  constructor(sign: number) {
    this.#sign = sign
  }

  add(value: unknown): void {
    if (isNullish(value)) return
    if (this.#found === undefined || compareValues(value, this.#found) * this.#sign > 0)
      this.#found = value
  }

  result(): unknown {
    return this.#found ?? null
  }
}

/** Collects all values and makes the result of them at the end. */
class Collected implements Accumulator {
  readonly #values: unknown[] = []
  readonly #finish: (values: unknown[]) => unknown
  readonly #takes: (value: unknown) => boolean

  constructor(
    finish: (values: unknown[]) => unknown,
    takes = (value: unknown): boolean => value !== undefined,
  ) {
    this.#finish = finish
    this.#takes = takes
  }

  add(value: unknown): void {
    if (this.#takes(value)) this.#values.push(value)
  }

  result(): unknown {
    return this.#finish(this.#values)
  }
}

class Edge implements Accumulator {
  readonly #last: boolean
  #seen = false
  #found: unknown

  constructor(last: boolean) {
    this.#last = last
  }

  add(value: unknown): void {
    if (this.#seen && !this.#last) return
    this.#seen = true
    this.#found = value
  }

  result(): unknown {
    return this.#found ?? null
  }
}

class Count implements Accumulator {
  #count = 0

  add(): void {
    this.#count += 1
  }

  result(): unknown {
    return fromNumber(this.#count)
  }
}

class Merged implements Accumulator {
  #merged: Document = {}

  add(value: unknown): void {
    if (isNullish(value)) return
    if (!isPlainObject(value))
      throw new MongoError(
        40400,
        `$mergeObjects requires object inputs, but input is of type ${typeOf(value)}`,
      )
    this.#merged = { ...this.#merged, ...value }
  }

  result(): unknown {
    return this.#merged
  }
}

const joinArrays = (values: unknown[]): unknown[] =>
  values.flatMap((value) => {
    if (Array.isArray(value)) return value as unknown[]
    throw new MongoError(14, `$concatArrays requires array inputs, not ${typeOf(value)}`)
  })

/** Accumulators whose operand is one expression. */
export const simpleAccumulators: Readonly<Record<string, () => Accumulator>> = {
  $sum: () => new Sum(),
  $avg: () => new Average(),
  $min: () => new Extreme(-1),
  $max: () => new Extreme(1),
  $first: () => new Edge(false),
  $last: () => new Edge(true),
  $push: () => new Collected((values) => values),
  $addToSet: () => new Collected((values) => distinct(values)),
  $count: () => new Count(),
  $mergeObjects: () => new Merged(),
  $stdDevPop: () => new Deviation(false),
  $stdDevSamp: () => new Deviation(true),
  $concatArrays: () => new Collected(joinArrays),
  $setUnion: () => new Collected((values) => distinct(joinArrays(values))),
}

/** Accumulates percentiles of the numbers given. */
export const percentiles = (options: PercentileOptions): Accumulator =>
  new Collected((values) => percentileOf(values.filter(isNumber), options), isNumber)

/** The `n` that `$firstN` and its like are given. */
export function countOf(value: unknown, operator: string): number {
  const count = isNumber(value) ? toDouble(value) : Number.NaN
  if (!Number.isInteger(count))
    throw new MongoError(
      5787902,
      `Value for 'n' must be of integral type, but found ${typeOf(value)} in ${operator}`,
    )
  if (count <= 0)
    throw new MongoError(5787908, `'n' must be greater than 0, found ${String(count)}`)
  return count
}

/** Accumulators that keep `n` of a group's values. */
export const severalAccumulators: Readonly<Record<string, (n: number) => Accumulator>> = {
  $firstN: (n) =>
    new Collected(
      (values) => values.slice(0, n).map(orNull),
      () => true,
    ),
  $lastN: (n) =>
    new Collected(
      (values) => values.slice(-n).map(orNull),
      () => true,
    ),
  $minN: (n) =>
    new Collected(
      (values) => smallest(values, n, 1),
      (value) => !isNullish(value),
    ),
  $maxN: (n) =>
    new Collected(
      (values) => smallest(values, n, -1),
      (value) => !isNullish(value),
    ),
}

const orNull = (value: unknown): unknown => value ?? null

/** The first `n` values in rising order, or in falling order for a sign of -1. */
export function smallest(values: readonly unknown[], n: number, sign: number): unknown[] {
  return values.toSorted((a, b) => compareValues(a, b) * sign).slice(0, n)
}
