import type { Document } from 'bson'
import { fromNumber } from '../aggregation/numbers.js'
import { narrowed } from '../aggregation/narrowing.js'
import { compileStages, type StageContext } from '../aggregation/stages.js'
import { filterOperand, sizeOperand, sortOperand } from '../aggregation/stages/selecting.js'
import { encode } from '../bson/raw.js'
import { MongoError } from '../errors.js'
import { countKeys, read, type Query } from '../query/read.js'
import type { Collection } from '../storage/catalog.js'
import { batchSizeOf } from './collections.js'
import { command, namespace, type Call, type Command, type Request, type Steps } from './command.js'
import { writeOut } from './out.js'
import { statisticsOf } from './statistics.js'
import { isPlainObject, numeric, type Arguments } from './schema.js'

const AGGREGATE = {
  pipeline: 'array!',
  cursor: 'object',
  explain: 'boolean',
  allowDiskUse: 'boolean',
  bypassDocumentValidation: 'boolean',
  collation: 'object',
  hint: 'string|object',
  let: 'object',
} as const

type AggregateCall = Call<Arguments<typeof AGGREGATE>>

function* aggregate(call: AggregateCall): Steps<Buffer> {
  const { store, request, args } = call
  const pipeline = checkPipeline(args.pipeline)
  if (args.cursor === undefined)
    throw new MongoError(
      9,
      "The 'cursor' option is required, except for aggregate with the explain argument",
    )
  const target = targetOf(request)
  const name = `${request.database}.${target ?? '$cmd.aggregate'}`
  const options = { namespace: name, batchSize: batchSizeOf(args.cursor) }
  const documents = runPipeline(call, target, pipeline)
  const last = pipeline.at(-1)
  const writes = last !== undefined && isOutput(last)
  if (!writes) return yield* store.cursors.first(documents, options)
  writeOut(call, last, documents)
  return yield* store.cursors.first([].values(), options)
}

/** The collection a pipeline starts from; none for a pipeline over the database. */
function targetOf({ body, database }: Request): string | undefined {
  const target: unknown = body['aggregate']
  if (typeof target === 'string') {
    namespace(database, target)
    return target
  }
  if (numeric(target) === 1) return undefined
  throw new MongoError(
    9,
    "Invalid command format: the 'aggregate' field must specify a collection name or 1",
  )
}

/** Refuses what is no list of stages, one operator each. */
export function checkPipeline(pipeline: readonly unknown[]): Document[] {
  return pipeline.map((stage, at) => {
    if (!isPlainObject(stage))
      throw new MongoError(14, "Each element of the 'pipeline' array must be an object")
    if (Object.keys(stage).length !== 1)
      throw new MongoError(
        40323,
        'A pipeline stage specification object must contain exactly one field.',
      )
    if (isOutput(stage) && at < pipeline.length - 1)
      throw new MongoError(
        40601,
        `${Object.keys(stage)[0] ?? ''} can only be the final stage in the pipeline`,
      )
    return stage
  })
}

function isOutput(stage: Document): boolean {
  return '$out' in stage || '$merge' in stage
}

/** What a pipeline is run with beside its stages. */
type Context = Pick<AggregateCall, 'store' | 'request' | 'now' | 'variables' | 'deadline'> & {
  readonly args: { readonly collation?: Document | undefined; readonly hint?: Query['hint'] }
}

/** Runs a pipeline over a collection, a view, or nothing. */
export function* runPipeline(
  context: Context,
  target: string | undefined,
  stages: readonly Document[],
): Generator<Buffer | undefined, void> {
  const { store, request } = context
  const collection =
    target === undefined ? undefined : store.catalog.get(`${request.database}.${target}`)
  if (collection?.view !== undefined) {
    const { on, pipeline } = collection.view
    yield* runPipeline(context, on, [...pipeline, ...stages])
    return
  }
  const body = stages.filter((stage) => !isOutput(stage))
  const { query, rest } = pushedDown(context, body)
  const counted =
    collection === undefined ? undefined : countedOnly(store, collection, { query, stage: rest[0] })
  const left = counted === undefined ? rest : rest.slice(1)
  const source = counted ?? (collection === undefined ? [] : raws(store, collection, query))
  yield* compileStages(left, stageContext(context, target))(source)
}

interface Pushed {
  readonly query: Query
  readonly rest: readonly Document[]
}

/** The stages at the beginning that an index can serve: match, sort, skip, limit. */
function pushedDown({ args, variables, deadline }: Context, stages: readonly Document[]): Pushed {
  const rest = [...stages]
  const take = (name: string): unknown => {
    const [first] = rest
    return first !== undefined && name in first ? rest.shift()?.[name] : undefined
  }
  const filters: Document[] = []
  for (let found = take('$match'); found !== undefined; found = take('$match'))
    filters.push(filterOperand(found))
  const order = take('$sort')
  const sort = order === undefined ? undefined : sortOperand(order)
  const size = (name: string): number | undefined => {
    const found = take(name)
    return found === undefined ? undefined : sizeOperand(found, name)
  }
  const [skip, limit] = [size('$skip'), size('$limit')]
  const filter = narrowed(filters.length > 1 ? { $and: filters } : (filters[0] ?? {}), variables)
  const { collation, hint } = args
  return { query: { filter, sort, skip, limit, collation, hint, variables, deadline }, rest }
}

/** Counting a collection, or what keys alone can tell, as drivers' `countDocuments` asks for it, reads no document. */
function countedOnly(
  { environment }: Context['store'],
  collection: Collection,
  { query, stage }: { readonly query: Query; readonly stage: Document | undefined },
): Buffer[] | undefined {
  if (!isPlainObject(stage?.['$group'])) return undefined
  const { _id: id, ...fields } = stage['$group']
  const [[name, accumulator] = ['', undefined], ...others] = Object.entries(fields)
  const isOne = isPlainObject(accumulator) && numeric(accumulator['$sum']) === 1
  const isConstant = id === null || !Number.isNaN(numeric(id))
  if (!isOne || !isConstant || others.length > 0) return undefined
  const { skip = 0, limit = Infinity } = query
  const all = countKeys(environment, collection, { ...query, limit: skip + limit })
  if (all === undefined) return undefined
  const found = Math.max(0, all - skip)
  return found === 0 ? [] : [encode({ _id: id as unknown, [name]: fromNumber(found) })]
}

function* raws(
  store: Context['store'],
  collection: Collection,
  query: Query,
): Generator<Buffer | undefined, void> {
  for (const row of read(store.environment, collection, query)) yield row?.raw
}

/** What stages may ask of the store. */
function stageContext(context: Context, target: string | undefined): StageContext {
  const { request, args, variables } = context
  return {
    database: request.database,
    collection: target,
    collation: args.collation,
    variables,
    run: (collection, stages, bound) => {
      const inner = { ...context, args: { collation: args.collation }, variables: bound }
      return runPipeline(inner, collection, checkPipeline(stages))
    },
    statistics: (stage, options) => statisticsOf(context, target, { stage, options }),
  }
}

function isWriting({ body }: Request): boolean {
  const pipeline: unknown = body['pipeline']
  return (
    Array.isArray(pipeline) && pipeline.some((stage) => isPlainObject(stage) && isOutput(stage))
  )
}

/** Pipelines. */
export const aggregateCommands: readonly Command[] = [
  command('aggregate', { shape: AGGREGATE, writes: isWriting, run: aggregate }),
]
