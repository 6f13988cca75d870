import type { Document } from 'bson'
import { compileStages, type StageContext } from '../aggregation/stages.js'
import type { Documents } from '../cursors.js'
import { MongoError } from '../errors.js'
import { read, type Query } from '../query/read.js'
import type { Collection } from '../storage/catalog.js'
import { batchSizeOf } from './collections.js'
import { command, namespace, type Call, type Command, type Request, type Steps } from './command.js'
import { writeOut } from './out.js'
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
  const source = collection === undefined ? [] : raws(store, collection, query)
  yield* compileStages(rest, stageContext(context, target))(source)
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
    filters.push(filterOf(found))
  const sort = take('$sort') as Document | undefined
  const skip = sizeOf(take('$skip'), '$skip')
  const limit = sizeOf(take('$limit'), '$limit')
  const filter = filters.length > 1 ? { $and: filters } : (filters[0] ?? {})
  const { collation, hint } = args
  return { query: { filter, sort, skip, limit, collation, hint, variables, deadline }, rest }
}

function filterOf(match: unknown): Document {
  if (!isPlainObject(match))
    throw new MongoError(15959, 'the match filter must be an expression in an object')
  return match
}

function sizeOf(value: unknown, name: string): number | undefined {
  if (value === undefined) return undefined
  const size = numeric(value)
  const isWrong = !Number.isInteger(size) || size < 0
  if (isWrong)
    throw new MongoError(
      5107201,
      `invalid argument to ${name} stage: Expected a non-negative integer`,
    )
  if (name === '$limit' && size === 0) throw new MongoError(15958, 'the limit must be positive')
  return size
}

function* raws(store: Context['store'], collection: Collection, query: Query): Documents {
  for (const row of read(store.environment, collection, query)) yield row?.raw
}

/** What stages may ask of the store. */
function stageContext(context: Context, target: string | undefined): StageContext {
  const { store, request, args, now, variables } = context
  return {
    database: request.database,
    collection: target,
    collation: args.collation,
    variables,
    now,
    exists: (name: string) => store.catalog.get(name) !== undefined,
    read: (name: string, { filter }: { filter: Document }) => {
      const stages = [{ $match: filter }]
      const at = name.indexOf('.') + 1
      return runPipeline({ ...context, args: {} }, name.slice(at), stages)
    },
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
