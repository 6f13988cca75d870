import type { Document } from 'bson'
import { isPlainObject } from '../../commands/schema.js'
import { MongoError } from '../../errors.js'
import type { Operator, Operators } from '../operators.js'
import { constant, isNullish, isTruthy } from '../values.js'

const condition: Operator = (operand, compiler) => {
  const [test, then, otherwise] = branchesOf(operand).map((part) => compiler.compile(part))
  return (scope) => (isTruthy(test?.(scope)) ? then?.(scope) : otherwise?.(scope))
}

const MISSING: Readonly<Record<string, number>> = { if: 17080, then: 17081, else: 17082 }

function branchesOf(operand: unknown): readonly unknown[] {
  if (Array.isArray(operand)) {
    if (operand.length === 3) return operand
    throw new MongoError(
      16020,
      `Expression $cond takes exactly 3 arguments. ${String(operand.length)} were passed in.`,
    )
  }
  const given = isPlainObject(operand) ? operand : {}
  const unknown = Object.keys(given).find((key) => !(key in MISSING))
  if (unknown !== undefined)
    throw new MongoError(17083, `Unrecognized parameter to $cond: ${unknown}`)
  return Object.entries(MISSING).map(([name, code]) => {
    if (!(name in given)) throw new MongoError(code, `Missing '${name}' parameter to $cond`)
    return given[name] as unknown
  })
}

const firstPresent: Operator = (operand, compiler) => {
  const given: readonly unknown[] = Array.isArray(operand) ? operand : [operand]
  if (given.length < 2)
    throw new MongoError(
      1257300,
      `$ifNull needs at least two arguments, had: ${String(given.length)}`,
    )
  const parts = given.map((part) => compiler.compile(part))
  return (scope) => {
    let value: unknown
    for (const part of parts) {
      value = part(scope)
      if (!isNullish(value)) return value
    }
    return value
  }
}

const choice: Operator = (operand, compiler) => {
  if (!isPlainObject(operand))
    throw new MongoError(40060, '$switch requires an object as an argument')
  const { branches, default: fallback, ...others } = operand as { branches?: unknown } & Document
  const [unknown] = Object.keys(others)
  if (unknown !== undefined)
    throw new MongoError(40067, `$switch found an unknown argument: ${unknown}`)
  if (!Array.isArray(branches))
    throw new MongoError(40061, "$switch expected an array for 'branches'")
  if (branches.length === 0 && fallback === undefined)
    throw new MongoError(40068, '$switch requires at least one branch.')
  const cases = branches.map((branch: unknown) => {
    const { when, then } = caseOf(branch)
    return { when: compiler.compile(when), then: compiler.compile(then) }
  })
  const otherwise = 'default' in operand ? compiler.compile(fallback) : undefined
  return (scope) => {
    const found = cases.find(({ when }) => isTruthy(when(scope)))?.then ?? otherwise
    if (found === undefined)
      throw new MongoError(
        40066,
        '$switch could not find a matching branch for an input, and no default was specified.',
      )
    return found(scope)
  }
}

function caseOf(branch: unknown): { when: unknown; then: unknown } {
  if (!isPlainObject(branch))
    throw new MongoError(40062, '$switch expected each branch to be an object')
  const unknown = Object.keys(branch).find((key) => key !== 'case' && key !== 'then')
  if (unknown !== undefined)
    throw new MongoError(40063, `$switch found an unknown argument to a branch: ${unknown}`)
  if (!('case' in branch))
    throw new MongoError(40064, "$switch requires each branch have a 'case' expression")
  if (!('then' in branch))
    throw new MongoError(40065, "$switch requires each branch have a 'then' expression.")
  return { when: branch['case'], then: branch['then'] }
}

const literal: Operator = (operand) => {
  const value = constant(operand)
  return () => value
}

/** Choosing between values, and values that are no expressions. */
export const conditional: Operators = {
  $cond: condition,
  $ifNull: firstPresent,
  $switch: choice,
  $literal: literal,
  $const: literal,
  $expr: (operand, compiler) => compiler.compile(operand),
}
