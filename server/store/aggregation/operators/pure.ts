import { MongoError } from '../../errors.js'
import { isNumber, toDouble } from '../numbers.js'
import type { Operator } from '../operators.js'
import { isNullish, typeOf } from '../values.js'

/** How many arguments an operator takes. */
export interface Arity {
  readonly least?: number
  readonly most?: number
}

/** An operator that is a function of its evaluated arguments. */
export function pure(
  { least = 0, most = Infinity }: Arity,
  run: (args: readonly unknown[], name: string) => unknown,
): (name: string) => Operator {
  return (name) => (operand, compiler) => {
    const given: readonly unknown[] = Array.isArray(operand) ? operand : [operand]
    checkArity(name, given.length, { least, most })
    const parts = given.map((part) => compiler.compile(part))
    return (scope) =>
      run(
        parts.map((part) => part(scope)),
        name,
      )
  }
}

function checkArity(name: string, count: number, { least, most }: Required<Arity>): void {
  if (count >= least && count <= most) return
  const were = `${String(count)} were passed in.`
  if (least === most)
    throw new MongoError(
      16020,
      `Expression ${name} takes exactly ${String(least)} arguments. ${were}`,
    )
  throw new MongoError(
    28667,
    `Expression ${name} takes at least ${String(least)} arguments, and at most ${String(most)}, but ${were}`,
  )
}

/** An operator of exactly so many arguments. */
export const exactly = (
  count: number,
  run: (args: readonly unknown[], name: string) => unknown,
): ((name: string) => Operator) => pure({ least: count, most: count }, run)

/** An operator of one argument, which answers null to null. */
export const unary = (
  run: (value: unknown, name: string) => unknown,
): ((name: string) => Operator) =>
  exactly(1, ([value], name) => (isNullish(value) ? null : run(value, name)))

/** Gives each operator of a family its name. */
export function family(
  members: Readonly<Record<string, (name: string) => Operator>>,
): Readonly<Record<string, Operator>> {
  return Object.fromEntries(Object.entries(members).map(([name, make]) => [name, make(name)]))
}

/** The fields of an operator whose operand is an object; unknown and missing ones are refused. */
export function fieldsOf(
  name: string,
  operand: unknown,
  { required, optional = [] }: { required: readonly string[]; optional?: readonly string[] },
): Readonly<Record<string, unknown>> {
  if (typeof operand !== 'object' || operand === null || Array.isArray(operand))
    throw new MongoError(28646, `${name} only supports an object as its argument`)
  const given = operand as Readonly<Record<string, unknown>>
  const unknown = Object.keys(given).find(
    (key) => !required.includes(key) && !optional.includes(key),
  )
  if (unknown !== undefined)
    throw new MongoError(28647, `Unrecognized parameter to ${name}: ${unknown}`)
  const missing = required.find((key) => !(key in given))
  if (missing !== undefined)
    throw new MongoError(28648, `Missing '${missing}' parameter to ${name}`)
  return given
}

/** The integer that an argument must be; throws the code of the operator otherwise. */
export function integerArgument(value: unknown, code: number, what: string): number {
  const found = isNumber(value) ? toDouble(value) : Number.NaN
  if (Number.isInteger(found)) return found
  throw new MongoError(
    code,
    `${what} must be representable as a 32-bit integer, found ${typeOf(value)}`,
  )
}
