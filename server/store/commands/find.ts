import { Long, type Document } from 'bson'
import { MongoError } from '../errors.js'
import { compileFilter } from '../query/match.js'
import { read, type Query, type Rows } from '../query/read.js'
import type { Documents } from '../cursors.js'
import {
  command,
  namespace,
  targetNamespace,
  type Call,
  type Command,
  type Steps,
} from './command.js'
import { numeric, type Arguments } from './schema.js'
import { project } from './projection.js'
import { viewDocuments } from './views.js'

const FIND = {
  filter: 'object',
  sort: 'object',
  projection: 'object',
  hint: 'string|object',
  skip: 'count',
  limit: 'count',
  batchSize: 'count',
  singleBatch: 'boolean',
  max: 'object',
  min: 'object',
  returnKey: 'boolean',
  showRecordId: 'boolean',
  tailable: 'boolean',
  awaitData: 'boolean',
  oplogReplay: 'boolean',
  noCursorTimeout: 'boolean',
  allowPartialResults: 'boolean',
  allowDiskUse: 'boolean',
  collation: 'object',
  let: 'object',
} as const

type FindCall = Call<Arguments<typeof FIND>>

/** What this store has no use for is refused, not passed over. */
function refuseUnsupported({ args }: FindCall): void {
  for (const name of ['min', 'max', 'returnKey', 'showRecordId'] as const)
    if (args[name] !== undefined && args[name] !== false)
      throw new MongoError(115, `find option '${name}' is not supported by this store`)
  if (args.tailable === true)
    throw new MongoError(
      2,
      'error processing query: tailable cursor requested on non capped collection',
    )
}

function queryOf({ args, variables, deadline }: FindCall): Query {
  const { filter = {}, sort, skip, limit, hint, collation } = args
  return { filter, sort, skip, limit, hint, collation, variables, deadline }
}

function* find(call: FindCall): Steps<Buffer> {
  refuseUnsupported(call)
  const { store, request, args } = call
  const name = targetNamespace(request)
  const { batchSize, singleBatch, noCursorTimeout: noTimeout } = args
  const options = { namespace: name, batchSize, singleBatch, noTimeout }
  return yield* store.cursors.first(findDocuments(call, name), options)
}

function findDocuments(call: FindCall, name: string): Documents {
  const { store, args, variables } = call
  const query = queryOf(call)
  const collection = store.catalog.get(name)
  if (collection?.view !== undefined)
    return viewDocuments(call, collection.name, { query, projection: args.projection })
  if (collection === undefined) {
    compileFilter(query.filter, { collation: query.collation, variables })
    return [][Symbol.iterator]()
  }
  const rows = read(store.environment, collection, query)
  return project(rows, { projection: args.projection, query })
}

function* getMore({ store, request, args }: Call<Arguments<typeof GET_MORE>>): Steps<Buffer> {
  const id = cursorId(request.body['getMore'])
  const name = namespace(request.database, args.collection)
  const size = args.batchSize === 0 ? undefined : args.batchSize
  return yield* store.cursors.next(id, name, size)
}

const GET_MORE = {
  collection: 'string!',
  batchSize: 'count',
  lastKnownCommittedOpTime: 'any',
  term: 'any',
} as const

function killCursors({ store, args }: Call<{ readonly cursors: unknown[] }>): Document {
  const killed: unknown[] = []
  const notFound: unknown[] = []
  for (const id of args.cursors) (store.cursors.kill(cursorId(id)) ? killed : notFound).push(id)
  return {
    cursorsKilled: killed,
    cursorsNotFound: notFound,
    cursorsAlive: [],
    cursorsUnknown: [],
    ok: 1,
  }
}

function cursorId(value: unknown): bigint {
  if (value instanceof Long) return value.toBigInt()
  const id = numeric(value)
  if (Number.isNaN(id)) throw new MongoError(14, "Field 'getMore' must be of type long")
  return BigInt(Math.trunc(id))
}

/** Reading documents, and the cursors that hand them out. */
export const findCommands: readonly Command[] = [
  command('find', { shape: FIND, run: find }),
  command('getMore', { shape: GET_MORE, run: getMore }),
  command('killCursors', { shape: { cursors: 'array!' }, run: killCursors }),
]

/** Passes the rows of a result on as documents, pauses included. */
export function* documentsOf(rows: Rows): Generator<Buffer | undefined, void> {
  for (const row of rows) yield row?.raw
}
