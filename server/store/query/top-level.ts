import { compileExpression } from '../aggregation/expressions.js'
import { OBJECT } from '../bson/raw.js'
import { isPlainObject, numeric } from '../commands/schema.js'
import { MongoError } from '../errors.js'
import { compileJsonSchema } from './json-schema.js'
import type { FilterContext } from './match.js'
import type { DocumentTest } from './path-walk.js'
import { isOn } from './value-tests.js'

/** Compiles an operator that speaks of the whole document. */
export function topLevelTest(name: string, operand: unknown, context: FilterContext): DocumentTest {
  switch (name) {
    case '$expr':
      if (context.isNested)
        throw new MongoError(2, '$expr can only be applied to the top-level document')
      return expression(operand, context)
    case '$jsonSchema':
      if (!isPlainObject(operand)) throw new MongoError(14, '$jsonSchema must be an object')
      return documentSchema(operand)
    case '$alwaysTrue':
      return () => true
    case '$alwaysFalse':
      return () => false
    case '$sampleRate':
      return sample(numeric(operand))
    case '$text':
      throw new MongoError(27, 'text index required for $text query')
    case '$where':
      throw new MongoError(2, 'no globalScriptEngine in $where parsing')
  }
  throw new MongoError(
    2,
    `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
  )
}

function expression(operand: unknown, { variables, now }: FilterContext): DocumentTest {
  const evaluate = compileExpression(operand, { NOW: now ?? new Date(), ...variables })
  return (buffer, start) => {
    return isOn(evaluate(buffer.subarray(start, start + buffer.readInt32LE(start))))
  }
}

function documentSchema(schema: Parameters<typeof compileJsonSchema>[0]): DocumentTest {
  const test = compileJsonSchema(schema)
  return (buffer, start) => test(buffer, OBJECT, start)
}

function sample(rate: number): DocumentTest {
  if (!(rate >= 0 && rate <= 1))
    throw new MongoError(2, 'numeric argument to $sampleRate must be in [0, 1]')
  return () => Math.random() < rate
}
