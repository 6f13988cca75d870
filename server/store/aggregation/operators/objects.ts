import type { Document } from 'bson'
import { isPlainObject } from '../../commands/schema.js'
import { MongoError } from '../../errors.js'
import type { Evaluate } from '../expressions.js'
import type { Operator, Operators } from '../operators.js'
import { isNullish, typeOf } from '../values.js'
import { fieldsOf } from './pure.js'

/** `$getField` has a short form: the name alone, of the current document. */
const field: Operator = (operand, compiler) => {
  const isLong = isPlainObject(operand) && ('field' in operand || 'input' in operand)
  const given = isLong
    ? fieldsOf('$getField', operand, { required: ['field'], optional: ['input'] })
    : { field: operand }
  const name = compiler.compile(given['field'])
  const input = compiler.compile(given['input'] ?? '$$CURRENT')
  return (scope) => {
    const key = name(scope)
    if (typeof key !== 'string')
      throw new MongoError(
        5654602,
        `$getField requires 'field' to evaluate to type String, but got ${typeOf(key)}`,
      )
    const value = input(scope)
    if (value === null) return null
    return isPlainObject(value) && Object.hasOwn(value, key) ? (value[key] as unknown) : undefined
  }
}

function constantName(operator: string, name: unknown): string {
  const value: unknown = isPlainObject(name) ? (name['$literal'] ?? name['$const']) : name
  if (typeof value === 'string' && (isPlainObject(name) || !value.startsWith('$'))) return value
  throw new MongoError(4161106, `${operator} requires 'field' to evaluate to a constant string`)
}

/** Sets one field, or takes it away where the value is missing. */
function changed(
  operator: string,
  { name, input, value }: { name: string; input: Evaluate; value: Evaluate },
): Evaluate {
  return (scope) => {
    const object = input(scope)
    if (isNullish(object)) return null
    if (!isPlainObject(object))
      throw new MongoError(4161105, `${operator} requires 'input' to evaluate to type Object`)
    const { [name]: _, ...others } = object
    const found = value(scope)
    return found === undefined ? others : ({ ...object, [name]: found } satisfies Document)
  }
}

/** Working on embedded documents. */
export const objects: Operators = {
  $getField: field,
  $setField: (operand, compiler) => {
    const given = fieldsOf('$setField', operand, { required: ['field', 'input', 'value'] })
    return changed('$setField', {
      name: constantName('$setField', given['field']),
      input: compiler.compile(given['input']),
      value: compiler.compile(given['value']),
    })
  },
  $unsetField: (operand, compiler) => {
    const given = fieldsOf('$unsetField', operand, { required: ['field', 'input'] })
    return changed('$unsetField', {
      name: constantName('$unsetField', given['field']),
      input: compiler.compile(given['input']),
      value: () => undefined,
    })
  },
}
