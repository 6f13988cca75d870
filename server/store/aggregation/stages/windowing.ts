import type { Document } from 'bson'
import { isPlainObject } from '../../commands/schema.js'
import { MongoError } from '../../errors.js'
import { fieldOf } from '../accumulator-fields.js'
import { pathParts } from '../paths.js'
import { bytesOf, withField } from '../raw-fields.js'
import { Scope } from '../scope.js'
import {
  checkOptions,
  collect,
  compilerFor,
  expressionIn,
  objectOperand,
  type StageCompiler,
  type StageContext,
} from '../stage.js'
import { identityOf, typeOf } from '../values.js'
import { checkOperand, windowFunctions, type Partition } from '../window-functions.js'
import { windowOf } from '../windows.js'
import { sortStage } from './selecting.js'

/** Calculates one field of each document of a partition. */
type Column = (partition: Partition) => unknown[]

const setWindowFields: StageCompiler = (operand, context, name) => {
  const given = objectOperand(operand, 9, name)
  checkOptions(name, given, { required: ['output'], optional: ['partitionBy', 'sortBy'] })
  const { partitionBy = null, sortBy, output } = given as Document
  const partition = expressionIn(context, partitionBy)
  const columns = (Object.entries(output as Document) as [string, unknown][]).map(
    ([path, spec]) =>
      [pathParts(path), columnOf(spec, sortBy as Document | undefined, context)] as const,
  )
  const sorted = sortBy === undefined ? undefined : sortStage(sortBy, context.collation)
  return function* (source) {
    for (const found of partitions(yield* collect(source), partition)) {
      const rows = sorted === undefined ? found : yield* collect(sorted(found))
      yield* withColumns(rows, columns, { context, sortBy: sortBy as Document | undefined })
    }
  }
}

/** Documents by the value of an expression, in the order in which the values came up. */
export function partitions(
  found: readonly Buffer[],
  valueOf: (raw: Buffer) => unknown,
): Iterable<Buffer[]> {
  const groups = new Map<string, Buffer[]>()
  for (const raw of found) {
    const value = valueOf(raw)
    if (Array.isArray(value))
      throw new MongoError(
        14,
        'An expression used to partition cannot evaluate to value of type array',
      )
    const key = identityOf(value ?? null)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [raw])
    else group.push(raw)
  }
  return groups.values()
}

function withColumns(
  rows: readonly Buffer[],
  columns: readonly (readonly [string[], Column])[],
  { context, sortBy }: { context: StageContext; sortBy: Document | undefined },
): Buffer[] {
  const partition: Partition = {
    scopes: rows.map((raw) => new Scope(raw, context.variables)),
    sortBy,
  }
  const values = columns.map(([path, column]) => [path, column(partition)] as const)
  return rows.map((raw, at) =>
    values.reduce((changed, [path, list]) => {
      const value = list[at]
      return withField(changed, path, value === undefined ? undefined : bytesOf(value))
    }, raw),
  )
}

function columnOf(spec: unknown, sortBy: Document | undefined, context: StageContext): Column {
  if (!isPlainObject(spec))
    throw new MongoError(
      9,
      `The field must be an object of a window function, found ${typeOf(spec)}`,
    )
  const { window, ...rest } = spec
  const [operator, ...others] = Object.keys(rest)
  if (operator === undefined || others.length > 0)
    throw new MongoError(9, 'Expected exactly one window function in a field of $setWindowFields')
  const compiler = compilerFor(context.variables)
  const special = windowFunctions[operator]
  if (special !== undefined) {
    checkOperand(operator, { sortBy, window })
    return special(rest[operator], compiler, windowOf(window, sortBy))
  }
  const field = unknownAs(operator, () => fieldOf(operator, rest[operator], compiler))
  const bounds = windowOf(window, sortBy)
  return (partition) => {
    const values = partition.scopes.map((scope) => field.value(scope))
    return partition.scopes.map((_, at) => {
      const accumulator = field.start(context.variables)
      const [from, to] = bounds(partition, at)
      for (const value of values.slice(from, to)) accumulator.add(value)
      return accumulator.result()
    })
  }
}

function unknownAs<T>(operator: string, make: () => T): T {
  try {
    return make()
  } catch (error) {
    const isUnknown = error instanceof MongoError && error.code === 15952
    throw isUnknown ? new MongoError(9, `Unrecognized window function, ${operator}`) : error
  }
}

/** Stages that look at neighbours. */
export const windowing: Readonly<Record<string, StageCompiler>> = {
  $setWindowFields: setWindowFields,
}
