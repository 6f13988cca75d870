import type { Document } from 'bson'
import { encode } from '../../bson/raw.js'
import { isPlainObject, numeric } from '../../commands/schema.js'
import { MongoError } from '../../errors.js'
import { zoneOf } from '../calendar.js'
import { addUnits, checkUnit, type Unit } from '../date-units.js'
import { add, isNumber, type BsonNumber } from '../numbers.js'
import { fieldPath, pathParts } from '../paths.js'
import { bytesOf, withField } from '../raw-fields.js'
import { Scope } from '../scope.js'
import { checkOptions, collect, objectOperand, type Stage, type StageCompiler } from '../stage.js'
import { compareValues, constant, isNullish } from '../values.js'
import { partitions } from './windowing.js'

/** `$fill` is `$setWindowFields` and `$set` by other names; `compile` is the pipeline compiler. */
export const fill =
  (compile: (stages: readonly Document[]) => Stage): StageCompiler =>
  (operand) => {
    const given = objectOperand(operand, 9, '$fill')
    checkOptions('$fill', given, {
      required: ['output'],
      optional: ['partitionBy', 'partitionByFields', 'sortBy'],
    })
    const { sortBy, output } = given as Document
    const methods: Document = {}
    const values: Document = {}
    for (const [path, spec] of Object.entries(output as Document) as [string, Document][]) {
      const method = methodOf(spec)
      if (method === undefined) values[path] = { $ifNull: [`$${path}`, spec['value']] }
      else methods[path] = { [method]: `$${path}` }
    }
    const window = {
      partitionBy: partitionOf(given),
      ...(sortBy ? { sortBy: sortBy as Document } : {}),
    }
    return compile([
      ...(Object.keys(methods).length > 0
        ? [{ $setWindowFields: { ...window, output: methods } }]
        : []),
      ...(Object.keys(values).length > 0 ? [{ $addFields: values }] : []),
    ])
  }

function methodOf(spec: unknown): string | undefined {
  if (!isPlainObject(spec)) throw new MongoError(9, 'Each field of $fill must be an object')
  if ('value' in spec) return undefined
  if (spec['method'] === 'linear') return '$linearFill'
  if (spec['method'] === 'locf') return '$locf'
  throw new MongoError(6050202, 'Method must be either locf or linear')
}

function partitionOf({ partitionBy, partitionByFields }: Document): unknown {
  if (!Array.isArray(partitionByFields)) return partitionBy ?? null
  return Object.fromEntries(
    partitionByFields.map((path: unknown, at) => [`p${String(at)}`, `$${String(path)}`]),
  )
}

interface Steps {
  readonly step: BsonNumber
  readonly unit: Unit | undefined
}

/** Most documents that one stage may make, as in MongoDB. */
const MOST_MADE = 500_000

const densify: StageCompiler = (operand, { variables }) => {
  const given = objectOperand(operand, 5733201, '$densify')
  checkOptions('$densify', given, { required: ['field', 'range'], optional: ['partitionByFields'] })
  const { range } = given as Document
  if (!isPlainObject(range)) throw new MongoError(9, "'range' of $densify must be an object")
  const parts = pathParts(String(given['field']))
  const by = (given['partitionByFields'] ?? []) as string[]
  const keys = by.map((path) => [pathParts(path), fieldPath(pathParts(path))] as const)
  const read = fieldPath(parts)
  const valueOf = (raw: Buffer): unknown => read(new Scope(raw, variables))
  const group = (raw: Buffer): unknown =>
    Object.fromEntries(keys.map(([path, key]) => [path.join('.'), key(new Scope(raw, variables))]))
  return function* (source) {
    const found = yield* collect(source)
    const whole = extent(found.map(valueOf))
    for (const rows of partitions(found, group)) {
      const [first] = rows
      const base = keys.reduce((raw, [path, key]) => {
        const value = first === undefined ? undefined : key(new Scope(first, variables))
        return value === undefined ? raw : withField(raw, path, bytesOf(value))
      }, encode({}))
      yield* filled(
        rows,
        { valueOf, limits: limitsOf(range, { rows, valueOf, whole }), steps: stepsOf(range) },
        (value) => withField(base, parts, bytesOf(value)),
      )
    }
  }
}

type Extent = readonly [least: unknown, most: unknown]

function extent(values: readonly unknown[]): Extent {
  const sorted = values.filter((value) => !isNullish(value)).toSorted(compareValues)
  return [sorted[0], sorted.at(-1)]
}

function stepsOf({ step, unit }: Document): Steps {
  const size = constant(step)
  if (!isNumber(size) || numeric(size) <= 0)
    throw new MongoError(
      5733401,
      'The step parameter in a range statement must be a positive number',
    )
  return { step: size, unit: unit === undefined ? undefined : checkUnit(unit) }
}

interface Limits {
  readonly from: unknown
  readonly to: unknown
}

function limitsOf(
  { bounds }: Document,
  {
    rows,
    valueOf,
    whole,
  }: { rows: readonly Buffer[]; valueOf: (raw: Buffer) => unknown; whole: Extent },
): Limits {
  if (bounds === 'full') return { from: whole[0], to: whole[1] }
  if (bounds === 'partition') {
    const [from, to] = extent(rows.map(valueOf))
    return { from, to }
  }
  if (!Array.isArray(bounds) || bounds.length !== 2)
    throw new MongoError(
      5733402,
      "a bounding array must be 'full', 'partition' or have two elements",
    )
  return { from: constant(bounds[0]), to: constant(bounds[1]) }
}

interface Filling {
  readonly valueOf: (raw: Buffer) => unknown
  readonly limits: Limits
  readonly steps: Steps
}

function* filled(
  rows: readonly Buffer[],
  { valueOf, limits, steps }: Filling,
  make: (value: unknown) => Buffer,
): Generator<Buffer> {
  const sorted = rows
    .map((raw) => ({ raw, value: valueOf(raw) }))
    .toSorted((a, b) => compareValues(a.value, b.value))
  let at = 0
  let made = 0
  for (
    let next = limits.from;
    !isNullish(next) && compareValues(next, limits.to) < 0;
    next = after(next, steps)
  ) {
    for (
      let row = sorted[at];
      row !== undefined && compareValues(row.value, next) < 0;
      row = sorted[at]
    ) {
      yield row.raw
      at += 1
    }
    const isThere = sorted[at] !== undefined && compareValues(sorted[at]?.value, next) === 0
    if (!isThere) {
      made += 1
      if (made > MOST_MADE)
        throw new MongoError(5897900, 'Generated too many documents in $densify')
      yield make(next)
    }
  }
  for (const { raw } of sorted.slice(at)) yield raw
}

function after(value: unknown, { step, unit }: Steps): unknown {
  if (value instanceof Date && unit !== undefined)
    return addUnits(value, { unit, by: numeric(step), zone: zoneOf(undefined) })
  if (isNumber(value) && unit === undefined) return add(value, step)
  throw new MongoError(
    5733412,
    'PlanExecutor error during aggregation :: caused by :: Densify field type must be numeric or a date with a unit',
  )
}

/** Stages that make documents where there are gaps. */
export const filling: Readonly<Record<string, StageCompiler>> = { $densify: densify }
