import { Int32 } from 'bson'
import type { Operators } from '../operators.js'
import { compareValues, isTruthy } from '../values.js'
import { exactly, family, pure } from './pure.js'
import type { Operator } from '../operators.js'

const ordered = (holds: (order: number) => boolean): ((name: string) => Operator) =>
  exactly(2, ([a, b]) => holds(compareValues(a, b)))

/** Stops at the first operand that decides. */
const logical = (decisive: boolean) => (): Operator => (operand, compiler) => {
  const given: readonly unknown[] = Array.isArray(operand) ? operand : [operand]
  const parts = given.map((part) => compiler.compile(part))
  return (scope) => parts.some((part) => isTruthy(part(scope)) === decisive) === decisive
}

/** Comparing values of any type, and joining what is true or false. */
export const comparison: Operators = family({
  $cmp: exactly(2, ([a, b]) => new Int32(Math.sign(compareValues(a, b)))),
  $eq: ordered((order) => order === 0),
  $ne: ordered((order) => order !== 0),
  $gt: ordered((order) => order > 0),
  $gte: ordered((order) => order >= 0),
  $lt: ordered((order) => order < 0),
  $lte: ordered((order) => order <= 0),
  $and: logical(false),
  $or: logical(true),
  $not: pure({ least: 1, most: 1 }, ([value]) => !isTruthy(value)),
})
