import { Double, type Document } from 'bson'
import { numeric } from '../commands/schema.js'
import { MongoError } from '../errors.js'
import { checkUnit, lengthOf } from './date-units.js'
import type { Compiler } from './expressions.js'
import { fromNumber, isNumber, toDouble } from './numbers.js'
import { fieldsOf } from './operators/pure.js'
import { fieldPath } from './paths.js'
import type { Scope } from './scope.js'
import { sortComparison } from './sorting.js'
import { isNullish } from './values.js'
import type { Bounds, Partition } from './windows.js'

export type { Partition } from './windows.js'

/** Calculates the values of one field for a whole partition. */
export type WindowFunction = (
  operand: unknown,
  compiler: Compiler,
  bounds: Bounds,
) => (partition: Partition) => unknown[]

const RANKS = ['$rank', '$denseRank', '$documentNumber']
const NEEDS_ORDER = [...RANKS, '$shift', '$derivative', '$integral', '$expMovingAvg', '$linearFill']
const NEEDS_NO_WINDOW = [...RANKS, '$shift', '$expMovingAvg', '$locf', '$linearFill']

/** Refuses a window function without the order it needs, or with a window it cannot have. */
export function checkOperand(
  operator: string,
  { sortBy, window }: { sortBy: Document | undefined; window: unknown },
): void {
  if (NEEDS_ORDER.includes(operator) && sortBy === undefined)
    throw new MongoError(5371602, `${operator} must be specified with a sortBy`)
  if (NEEDS_NO_WINDOW.includes(operator) && window !== undefined)
    throw new MongoError(5371601, `Rank style window functions take no other arguments`)
}

/** Where a row's order differs from that of the row before. */
function changes({ scopes, sortBy }: Partition): boolean[] {
  const compare = sortComparison(sortBy)
  return scopes.map((scope, at) => {
    const before = scopes[at - 1]
    return before === undefined || compare(before.root(), scope.root()) !== 0
  })
}

const rank: WindowFunction = () => (partition) => {
  let current = 0
  return changes(partition).map((isNew, at) => {
    if (isNew) current = at + 1
    return fromNumber(current)
  })
}

const denseRank: WindowFunction = () => (partition) => {
  let current = 0
  return changes(partition).map((isNew) => {
    if (isNew) current += 1
    return fromNumber(current)
  })
}

const shift: WindowFunction = (operand, compiler) => {
  const given = fieldsOf('$shift', operand, { required: ['output', 'by'], optional: ['default'] })
  const output = compiler.compile(given['output'])
  const otherwise = compiler.compile(given['default'] ?? null)
  const by = numeric(given['by'])
  return ({ scopes }) =>
    scopes.map((scope, at) => {
      const other = scopes[at + by]
      return (other === undefined ? otherwise(scope) : output(other)) ?? null
    })
}

const movingAverage: WindowFunction = (operand, compiler) => {
  const given = fieldsOf('$expMovingAvg', operand, {
    required: ['input'],
    optional: ['N', 'alpha'],
  })
  const input = compiler.compile(given['input'])
  const alpha =
    given['alpha'] === undefined ? 2 / (numeric(given['N']) + 1) : numeric(given['alpha'])
  if (!(alpha > 0 && alpha < 1))
    throw new MongoError(5433604, "'alpha' must be between 0 and 1 (exclusive)")
  return ({ scopes }) => {
    let average: number | undefined
    return scopes.map((scope) => {
      const value = input(scope)
      if (isNumber(value))
        average =
          average === undefined ? toDouble(value) : alpha * toDouble(value) + (1 - alpha) * average
      return isNumber(value) && average !== undefined ? new Double(average) : null
    })
  }
}

/** Points of a window: where on the axis of the order, and how high. */
function points(
  partition: Partition,
  [from, to]: readonly [number, number],
  height: (scope: Scope) => unknown,
) {
  const [path = ''] = Object.keys(partition.sortBy ?? {})
  const read = fieldPath(path.split('.'))
  return partition.scopes.slice(from, to).map((scope) => {
    const place = read(scope)
    return { x: place instanceof Date ? place.getTime() : toDouble(place), y: height(scope) }
  })
}

function unitLength(unit: unknown): number {
  if (unit === undefined) return 1
  const length = lengthOf(checkUnit(unit))
  if (length !== undefined) return length
  throw new MongoError(5490704, "unit must be 'week' or smaller")
}

const derivative: WindowFunction = (operand, compiler, bounds) => {
  const given = fieldsOf('$derivative', operand, { required: ['input'], optional: ['unit'] })
  const input = compiler.compile(given['input'])
  const unit = unitLength(given['unit'])
  return (partition) =>
    partition.scopes.map((_, at) => {
      const found = points(partition, bounds(partition, at), input)
      const [first, last] = [found[0], found.at(-1)]
      if (first === undefined || last === undefined || first === last) return null
      const run = (last.x - first.x) / unit
      return run === 0 ? null : new Double((toDouble(last.y) - toDouble(first.y)) / run)
    })
}

const integral: WindowFunction = (operand, compiler, bounds) => {
  const given = fieldsOf('$integral', operand, { required: ['input'], optional: ['unit'] })
  const input = compiler.compile(given['input'])
  const unit = unitLength(given['unit'])
  return (partition) =>
    partition.scopes.map((_, at) => {
      const found = points(partition, bounds(partition, at), input)
      const areas = found.slice(1).map(({ x, y }, before) => {
        const other = found[before]
        return (((x - (other?.x ?? x)) / unit) * (toDouble(y) + toDouble(other?.y))) / 2
      })
      return new Double(areas.reduce((sum, area) => sum + area, 0))
    })
}

const covariance =
  (isSample: boolean): WindowFunction =>
  (operand, compiler, bounds) => {
    const parts = (Array.isArray(operand) ? operand : []).map((part) => compiler.compile(part))
    const [left, right] = parts
    if (left === undefined || right === undefined || parts.length > 2)
      throw new MongoError(16020, 'Expression $covariance takes exactly 2 arguments.')
    return (partition) =>
      partition.scopes.map((_, at) => {
        const [from, to] = bounds(partition, at)
        const pairs = partition.scopes.slice(from, to).flatMap((scope) => {
          const [x, y] = [left(scope), right(scope)]
          return isNumber(x) && isNumber(y) ? [[toDouble(x), toDouble(y)] as const] : []
        })
        return covarianceOf(pairs, isSample)
      })
  }

function covarianceOf(pairs: readonly (readonly [number, number])[], isSample: boolean): unknown {
  const divisor = isSample ? pairs.length - 1 : pairs.length
  if (divisor <= 0) return null
  const mean = (side: 0 | 1): number =>
    pairs.reduce((sum, pair) => sum + pair[side], 0) / pairs.length
  const [meanX, meanY] = [mean(0), mean(1)]
  return new Double(pairs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / divisor)
}

const carried: WindowFunction = (operand, compiler) => {
  const input = compiler.compile(operand)
  return ({ scopes }) => {
    let last: unknown = null
    return scopes.map((scope) => {
      const value = input(scope)
      if (!isNullish(value)) last = value
      return last
    })
  }
}

/** Fills gaps on the straight line between the known values around them. */
const linear: WindowFunction = (operand, compiler) => {
  const input = compiler.compile(operand)
  return (partition) => {
    const found = points(partition, [0, partition.scopes.length], input)
    const isKnown = ({ y }: { y: unknown }): boolean => isNumber(y)
    return found.map(({ x, y }, at) => {
      if (!isNullish(y)) return y
      const before = found.slice(0, at).findLast(isKnown)
      const after = found.slice(at + 1).find(isKnown)
      if (before === undefined || after === undefined) return null
      const slope = (toDouble(after.y) - toDouble(before.y)) / (after.x - before.x)
      return new Double(toDouble(before.y) + slope * (x - before.x))
    })
  }
}

/** Window functions that are no accumulators. */
export const windowFunctions: Readonly<Record<string, WindowFunction>> = {
  $rank: rank,
  $denseRank: denseRank,
  $documentNumber:
    () =>
    ({ scopes }) =>
      scopes.map((_, at) => fromNumber(at + 1)),
  $shift: shift,
  $expMovingAvg: movingAverage,
  $derivative: derivative,
  $integral: integral,
  $covariancePop: covariance(false),
  $covarianceSamp: covariance(true),
  $locf: carried,
  $linearFill: linear,
}
