import type { Document } from 'bson'
import { decode, encode } from '../../bson/raw.js'
import { isPlainObject, numeric } from '../../commands/schema.js'
import { MongoError } from '../../errors.js'
import { sortStepwise } from '../../query/stepwise-sort.js'
import { arrayOf, withField } from '../raw-fields.js'
import { Scope } from '../scope.js'
import {
  collect,
  compilerFor,
  expressionIn,
  objectOperand,
  type Stage,
  type StageCompiler,
} from '../stage.js'
import { compareValues, typeOf } from '../values.js'
import { accumulatorFields, groupStage } from './grouping.js'

const EMPTY_DOCUMENT = Buffer.from([5, 0, 0, 0, 0])
const COUNTED = { count: { $sum: 1 } }

/** Gives the same documents to several pipelines; `compile` is the pipeline compiler itself. */
export const facet =
  (compile: (stages: readonly Document[]) => Stage): StageCompiler =>
  (operand) => {
    const given = objectOperand(operand, 40169, '$facet')
    const branches = Object.entries(given).map(([name, stages]: [string, unknown]) => {
      if (!Array.isArray(stages))
        throw new MongoError(40170, `arguments to $facet must be arrays, ${name} is not`)
      for (const stage of stages as Document[]) refuseInFacet(Object.keys(stage)[0] ?? '')
      return [name, compile(stages as Document[])] as const
    })
    return function* (source) {
      const found = yield* collect(source)
      let result: Buffer = EMPTY_DOCUMENT
      for (const [name, branch] of branches)
        result = withField(result, [name], arrayOf(yield* collect(branch(found))))
      yield result
    }
  }

const NOT_IN_FACET = [
  '$facet',
  '$out',
  '$merge',
  '$documents',
  '$collStats',
  '$indexStats',
  '$geoNear',
]

function refuseInFacet(name: string): void {
  if (NOT_IN_FACET.includes(name))
    throw new MongoError(40600, `${name} is not allowed to be used within a $facet stage`)
}

const bucket: StageCompiler = (operand, context) => {
  const given = objectOperand(operand, 40201, '$bucket')
  const { groupBy, boundaries, output = COUNTED, default: other } = given as Document
  if (groupBy === undefined || boundaries === undefined)
    throw new MongoError(40198, '$bucket requires groupBy and boundaries to be specified')
  const borders = bordersOf(boundaries, context.variables)
  const value = expressionIn(context, groupBy)
  const fallback = 'default' in given ? expressionIn(context, other)(EMPTY_DOCUMENT) : undefined
  const idOf = (raw: Buffer): unknown => {
    const found = value(raw)
    const at = borders.findLastIndex((border) => compareValues(found, border) >= 0)
    if (at >= 0 && at < borders.length - 1) return borders[at]
    if (fallback !== undefined) return fallback
    throw new MongoError(
      40066,
      '$switch could not find a matching branch for an input, and no default was specified.',
    )
  }
  const grouped = groupStage(context, idOf, accumulatorFields(output as Document, context))
  return function* (source) {
    const found = yield* collect(grouped(source))
    yield* yield* sortStepwise(found, (a, b) => compareValues(decode(a)['_id'], decode(b)['_id']))
  }
}

function bordersOf(boundaries: unknown, variables: Document): readonly unknown[] {
  if (!Array.isArray(boundaries))
    throw new MongoError(
      40200,
      `The $bucket 'boundaries' field must be an array, but found type: ${typeOf(boundaries)}`,
    )
  if (boundaries.length < 2)
    throw new MongoError(40192, "The $bucket 'boundaries' field must have at least 2 values")
  const compiler = compilerFor(variables)
  const scope = new Scope(EMPTY_DOCUMENT, variables)
  const values = boundaries.map((border) => compiler.compile(border)(scope))
  for (const [at, value] of values.slice(1).entries())
    if (compareValues(values[at], value) >= 0)
      throw new MongoError(
        40194,
        "The 'boundaries' option to $bucket must be sorted in ascending order",
      )
  return values
}

const bucketAuto: StageCompiler = (operand, context) => {
  const given = objectOperand(operand, 40240, '$bucketAuto')
  const { groupBy, buckets, output = COUNTED, granularity } = given as Document
  if (groupBy === undefined || buckets === undefined)
    throw new MongoError(40246, '$bucketAuto requires groupBy and buckets to be specified')
  const most = numeric(buckets)
  if (!Number.isInteger(most) || most < 1)
    throw new MongoError(40243, "The $bucketAuto 'buckets' field must be greater than 0")
  if (granularity !== undefined)
    throw new MongoError(115, "the 'granularity' of $bucketAuto is not supported by this store")
  const value = expressionIn(context, groupBy)
  const fields = accumulatorFields(output as Document, context)
  return function* (source) {
    const given = (yield* collect(source)).map((raw) => ({ raw, value: value(raw) ?? null }))
    const found = yield* sortStepwise(given, (a, b) => compareValues(a.value, b.value))
    for (const { members, min, max } of spread(found, most)) {
      const grouped = groupStage(context, () => null, fields)
      for (const raw of grouped(members.map((member) => member.raw)))
        if (raw !== undefined) yield encode({ ...decode(raw), _id: { min, max } })
    }
  }
}

interface Valued {
  readonly raw: Buffer
  readonly value: unknown
}

/** Equal values stay together; a bucket ends where the next begins, the last one at its last value. */
function* spread(
  found: readonly Valued[],
  buckets: number,
): Generator<{ members: readonly Valued[]; min: unknown; max: unknown }> {
  const size = Math.max(1, Math.round(found.length / buckets))
  for (let start = 0, made = 1; start < found.length; made += 1) {
    let end = made === buckets ? found.length : Math.min(found.length, start + size)
    const last = found[end - 1]?.value
    while (end < found.length && compareValues(found[end]?.value, last) === 0) end += 1
    const border = end < found.length ? found[end]?.value : found.at(-1)?.value
    yield { members: found.slice(start, end), min: found[start]?.value, max: border }
    start = end
  }
}

const ACTIONS = { DESCEND: 'descend', PRUNE: 'prune', KEEP: 'keep' }

const redact: StageCompiler = (operand, { variables }) => {
  const known = { ...variables, ...ACTIONS }
  const decide = compilerFor(known).compile(operand)
  const visit = (document: Document): Document | undefined => {
    const action = decide(new Scope(encode(document), known))
    if (action === ACTIONS.PRUNE) return undefined
    if (action === ACTIONS.KEEP) return document
    if (action !== ACTIONS.DESCEND)
      throw new MongoError(17053, '$redact must evaluate to $$DESCEND, $$PRUNE or $$KEEP')
    const entries = Object.entries(document) as [string, unknown][]
    return Object.fromEntries(
      entries
        .map(([name, value]) => [name, inside(value, visit)])
        .filter(([, value]) => value !== undefined),
    ) as Document
  }
  return function* (source) {
    for (const raw of source) {
      const kept = raw === undefined ? undefined : visit(decode(raw))
      if (raw === undefined || kept !== undefined)
        yield kept === undefined ? undefined : encode(kept)
    }
  }
}

function inside(value: unknown, visit: (document: Document) => Document | undefined): unknown {
  if (Array.isArray(value))
    return value.map((one) => inside(one, visit)).filter((one) => one !== undefined)
  return isPlainObject(value) ? visit(value) : value
}

const documents: StageCompiler = (operand, context) => {
  const list = expressionIn(context, operand)
  return function* () {
    const found = list(EMPTY_DOCUMENT)
    if (!Array.isArray(found) || !found.every(isPlainObject))
      throw new MongoError(5858203, `an array of documents is expected in $documents`)
    yield* found.map((document) => encode(document))
  }
}

/** What the store tells of itself, in the place of documents. */
const statistics: StageCompiler = (operand, context, name) => {
  const options = objectOperand(operand, 9, name)
  return function* () {
    yield* context.statistics(name, options).map((document) => encode(document))
  }
}

/** Stages that split documents up, cut them, or begin a pipeline without a collection. */
export const branching: Readonly<Record<string, StageCompiler>> = {
  $bucket: bucket,
  $bucketAuto: bucketAuto,
  $redact: redact,
  $documents: documents,
  $collStats: statistics,
  $indexStats: statistics,
  $currentOp: statistics,
  $listLocalSessions: statistics,
  $planCacheStats: statistics,
}
