import type { Document } from 'bson'
import { encode } from '../../bson/raw.js'
import { isPlainObject } from '../../commands/schema.js'
import { MongoError } from '../../errors.js'
import type { Accumulator } from '../accumulators.js'
import { accumulatorOf, type AccumulatorField } from '../accumulator-fields.js'
import { fromNumber } from '../numbers.js'
import { Scope } from '../scope.js'
import {
  compilerFor,
  expressionIn,
  objectOperand,
  type Stage,
  type StageCompiler,
  type StageContext,
} from '../stage.js'
import { sortStage } from './selecting.js'
import { identityOf } from '../values.js'

interface Group {
  readonly id: unknown
  readonly accumulators: readonly Accumulator[]
}

const group: StageCompiler = (operand, context) => {
  const given = objectOperand(operand, 15947, '$group')
  if (!('_id' in given)) throw new MongoError(15955, 'a group specification must include an _id')
  const { _id: id, ...fields } = given
  return groupStage(context, expressionIn(context, id), accumulatorFields(fields, context))
}

/** The accumulators of a stage by field. */
export function accumulatorFields(
  fields: Document,
  { variables }: StageContext,
): Map<string, AccumulatorField> {
  const compiler = compilerFor(variables)
  return new Map(
    (Object.entries(fields) as [string, unknown][]).map(([name, spec]) => {
      checkFieldName(name)
      return [name, accumulatorOf(name, spec, compiler)]
    }),
  )
}

function checkFieldName(name: string): void {
  if (name.includes('.')) throw new MongoError(40235, `The field name '${name}' cannot contain '.'`)
  if (name.startsWith('$'))
    throw new MongoError(40236, `The field name '${name}' cannot be an operator name`)
}

/** Groups by a value of each document. */
export function groupStage(
  { variables }: StageContext,
  idOf: (raw: Buffer) => unknown,
  fields: ReadonlyMap<string, AccumulatorField>,
): Stage {
  const list = [...fields.values()]
  return function* (source) {
    const groups = new Map<string, Group>()
    for (const raw of source) {
      if (raw === undefined) {
        yield undefined
        continue
      }
      const id = idOf(raw) ?? null
      const key = identityOf(id)
      const found = groups.get(key) ?? {
        id,
        accumulators: list.map((field) => field.start(variables)),
      }
      groups.set(key, found)
      const scope = new Scope(raw, variables)
      for (const [at, field] of list.entries()) found.accumulators[at]?.add(field.value(scope))
    }
    for (const { id, accumulators } of groups.values()) yield documentOf(id, fields, accumulators)
  }
}

function documentOf(
  id: unknown,
  fields: ReadonlyMap<string, unknown>,
  accumulators: readonly Accumulator[],
): Buffer {
  const entries = [...fields.keys()].map((name, at) => [name, accumulators[at]?.result()])
  return encode({ _id: id, ...(Object.fromEntries(entries) as Document) })
}

const sortByCount: StageCompiler = (operand, context) => {
  const isExpression =
    (typeof operand === 'string' && operand.startsWith('$')) ||
    (isPlainObject(operand) && Object.keys(operand)[0]?.startsWith('$') === true)
  if (!isExpression)
    throw new MongoError(
      40147,
      'the sortByCount field must be defined as a $-prefixed path or an expression inside an object',
    )
  const grouped = groupStage(
    context,
    expressionIn(context, operand),
    accumulatorFields({ count: { $sum: 1 } }, context),
  )
  const sorted = sortStage({ count: -1 }, undefined)
  return (source) => sorted(grouped(source))
}

const count: StageCompiler = (operand) => {
  if (typeof operand !== 'string' || operand === '')
    throw new MongoError(40156, 'the count field must be a non-empty string')
  if (operand.startsWith('$'))
    throw new MongoError(40158, 'the count field cannot be a $-prefixed path')
  if (operand.includes('.')) throw new MongoError(40160, "the count field cannot contain '.'")
  return function* (source) {
    let found = 0
    for (const raw of source) {
      if (raw === undefined) yield undefined
      else found += 1
    }
    if (found > 0) yield encode({ [operand]: fromNumber(found) })
  }
}

/** Stages that make one document of many. */
export const grouping: Readonly<Record<string, StageCompiler>> = {
  $group: group,
  $sortByCount: sortByCount,
  $count: count,
}
