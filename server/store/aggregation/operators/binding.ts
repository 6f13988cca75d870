import { isPlainObject } from '../../commands/schema.js'
import { MongoError } from '../../errors.js'
import type { Evaluate } from '../expressions.js'
import { checkVariableName } from '../paths.js'
import { isNumber, toDouble } from '../numbers.js'
import type { Operator, Operators } from '../operators.js'
import type { Scope } from '../scope.js'
import { isNullish, isTruthy, typeOf } from '../values.js'
import { fieldsOf } from './pure.js'

const bindings: Operator = (operand, compiler) => {
  const { vars, in: body } = fieldsOf('$let', operand, { required: ['vars', 'in'] })
  if (!isPlainObject(vars))
    throw new MongoError(10065, 'invalid parameter: expected an object (vars)')
  const entries = Object.entries(vars).map(([name, expression]: [string, unknown]) => {
    checkVariableName(name)
    return [name, compiler.compile(expression)] as const
  })
  const evaluate = compiler.with(Object.keys(vars)).compile(body)
  return (scope) => {
    const values = entries.map(([name, value]) => [name, value(scope)] as const)
    return evaluate(scope.bind(Object.fromEntries(values)))
  }
}

/** What `$map` and `$filter` have in common: an input, and a name for each of its elements. */
interface Each {
  readonly input: Evaluate
  readonly name: string
}

function eachOf(fields: Readonly<Record<string, unknown>>, input: Evaluate): Each {
  const name = fields['as'] === undefined ? 'this' : String(fields['as'])
  checkVariableName(name)
  return { input, name }
}

/** Evaluates an expression for each element; null when the input is null or missing. */
function forEach(
  { input, name }: Each,
  scope: Scope,
  { code, operator }: { code: number; operator: string },
): { value: unknown; inside: Scope }[] | null {
  const list = input(scope)
  if (isNullish(list)) return null
  if (!Array.isArray(list))
    throw new MongoError(code, `input to ${operator} must be an array not ${typeOf(list)}`)
  return list.map((value: unknown) => ({ value, inside: scope.bind({ [name]: value }) }))
}

const mapped: Operator = (operand, compiler) => {
  const fields = fieldsOf('$map', operand, { required: ['input', 'in'], optional: ['as'] })
  const each = eachOf(fields, compiler.compile(fields['input']))
  const body = compiler.with([each.name]).compile(fields['in'])
  return (scope) =>
    forEach(each, scope, { code: 16883, operator: '$map' })?.map(
      ({ inside }) => body(inside) ?? null,
    ) ?? null
}

const filtered: Operator = (operand, compiler) => {
  const fields = fieldsOf('$filter', operand, {
    required: ['input', 'cond'],
    optional: ['as', 'limit'],
  })
  const each = eachOf(fields, compiler.compile(fields['input']))
  const keeps = compiler.with([each.name]).compile(fields['cond'])
  const most = compiler.compile(fields['limit'] ?? null)
  return (scope) => {
    const limit = limitOf(most(scope))
    const found = forEach(each, scope, { code: 28651, operator: '$filter' })
    return (
      found
        ?.filter(({ inside }) => isTruthy(keeps(inside)))
        .slice(0, limit)
        .map(({ value }) => value) ?? null
    )
  }
}

function limitOf(value: unknown): number {
  if (isNullish(value)) return Infinity
  const limit = isNumber(value) ? toDouble(value) : Number.NaN
  if (Number.isInteger(limit) && limit > 0) return limit
  throw new MongoError(327392, '$filter: limit must be greater than 0')
}

const reduced: Operator = (operand, compiler) => {
  const fields = fieldsOf('$reduce', operand, { required: ['input', 'initialValue', 'in'] })
  const input = compiler.compile(fields['input'])
  const start = compiler.compile(fields['initialValue'])
  const body = compiler.with(['this', 'value']).compile(fields['in'])
  return (scope) => {
    const list = input(scope)
    if (isNullish(list)) return null
    if (!Array.isArray(list))
      throw new MongoError(
        40080,
        `$reduce requires that 'input' be an array, found: ${typeOf(list)}`,
      )
    return list.reduce<unknown>(
      (value, element: unknown) => body(scope.bind({ this: element, value })),
      start(scope),
    )
  }
}

/** Operators that name values for the expressions inside them. */
export const binding: Operators = {
  $let: bindings,
  $map: mapped,
  $filter: filtered,
  $reduce: reduced,
}
