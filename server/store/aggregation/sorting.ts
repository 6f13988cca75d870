import { isPlainObject, numeric } from '../commands/schema.js'
import { MongoError } from '../errors.js'
import { compareValues } from './values.js'

type Compare = (a: unknown, b: unknown) => number

/** The order that `sortBy` of `$sortArray`, `$topN` and windows asks for, over decoded values. */
export function sortComparison(sortBy: unknown): Compare {
  if (!isPlainObject(sortBy)) {
    const sign = direction(sortBy)
    return (a, b) => compareValues(a, b) * sign
  }
  const fields = Object.entries(sortBy).map(([path, way]: [string, unknown]) => {
    return { parts: path.split('.'), sign: direction(way) }
  })
  return (a, b) => {
    for (const { parts, sign } of fields) {
      const order = compareValues(sortValue(a, parts, sign), sortValue(b, parts, sign)) * sign
      if (order !== 0) return order
    }
    return 0
  }
}

function direction(way: unknown): number {
  const sign = numeric(way)
  if (sign === 1 || sign === -1) return sign
  throw new MongoError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)')
}

/** An array sorts by its smallest element, or by its largest where the order falls. */
function sortValue(value: unknown, parts: readonly string[], sign: number): unknown {
  const found = valuesAt(value, parts)
  return found.reduce(
    (best, one) => (compareValues(one, best) * sign < 0 ? one : best),
    found[0] ?? null,
  )
}

function valuesAt(value: unknown, [part, ...rest]: readonly string[]): unknown[] {
  if (part === undefined) return Array.isArray(value) ? value : [value ?? null]
  if (Array.isArray(value)) return value.flatMap((element) => valuesAt(element, [part, ...rest]))
  return isPlainObject(value) ? valuesAt(value[part], rest) : [null]
}
