import { MongoError } from '../errors.js'
import type { Compiler, Evaluate } from './expressions.js'
import { accumulating } from './operators/accumulating.js'
import { arithmetic } from './operators/arithmetic.js'
import { arrays } from './operators/arrays.js'
import { binding } from './operators/binding.js'
import { comparison } from './operators/comparison.js'
import { conditional } from './operators/conditional.js'
import { conversion } from './operators/conversion.js'
import { dates } from './operators/dates.js'
import { objects } from './operators/objects.js'
import { sets } from './operators/sets.js'
import { strings } from './operators/strings.js'

/** Makes an operator's function from its operand. */
export type Operator = (operand: unknown, compiler: Compiler) => Evaluate

/** Operators by name, as one family brings them. */
export type Operators = Readonly<Record<string, Operator>>

const FAMILIES: readonly Operators[] = [
  accumulating,
  arithmetic,
  arrays,
  binding,
  comparison,
  conditional,
  conversion,
  dates,
  objects,
  sets,
  strings,
]

const operators: ReadonlyMap<string, Operator> = new Map(
  FAMILIES.flatMap((family) => Object.entries(family)),
)

/** Operators of MongoDB that run JavaScript or need another server. */
const REFUSED = new Set([
  '$function',
  '$accumulator',
  '$toHashedIndexKey',
  '$_internalKeyStringValue',
])

/** The operator of a name; throws MongoDB's error for one that is unknown or not supported. */
export function operatorOf(name: string): Operator {
  const operator = operators.get(name)
  if (operator !== undefined) return operator
  if (REFUSED.has(name)) throw new MongoError(115, `${name} is not supported by this store`)
  throw new MongoError(168, `Unrecognized expression '${name}'`)
}
