import {
  BSON,
  ReadPreference,
  type Collection,
  type Db,
  type Document,
  type MongoClient,
} from 'mongodb'
import { createEntities, found, type Entities } from './unified-entities.js'

/** One operation of a test, and what it works with. */
export interface Operation {
  readonly name: string
  readonly object: string
  readonly args: Document
  readonly entities: Entities
  readonly uri: string
}

/** Thrown for what the driver has no method for: such a test is none of this store's. */
export class NotInDriver extends Error {}

type Options = Record<string, unknown>

/** Runs an operation on the entity it names and gives back what it returns. */
export async function runOperation(operation: Operation): Promise<unknown> {
  const { object, entities, name } = operation
  if (object === 'testRunner') return await runnerOperation(operation)
  if (entities.collections.has(object)) return await collectionOperation(operation)
  if (entities.databases.has(object)) return await databaseOperation(operation)
  if (entities.clients.has(object)) return await clientOperation(operation)
  if (entities.cursors.has(object)) return await cursorOperation(operation)
  if (entities.sessions.has(object) || entities.buckets.has(object)) throw new NotInDriver(name)
  throw new Error(`entity ${object} does not exist`)
}

function withoutSession({ args, entities }: Operation): Options {
  const { session, ...options } = args
  return session === undefined
    ? options
    : { ...options, session: found(entities.sessions, session) }
}

type Method = (collection: Collection, options: Options) => Promise<unknown>

/** The parts of an operation's arguments that a driver's method takes by position. */
function cut(options: Options, ...names: string[]): [Options, never, ...never[]] {
  const rest = Object.fromEntries(Object.entries(options).filter(([key]) => !names.includes(key)))
  return [rest, ...(names.map((key) => options[key]) as [never, ...never[]])]
}

/** A method that takes these arguments by position, then the others as options. */
function positional(method: string, ...names: string[]): Method {
  return async (collection, options) => {
    const [rest, ...given] = cut(options, ...names)
    const call = collection[method as 'insertOne'] as (...all: unknown[]) => Promise<unknown>
    return await call.call(collection, ...given, rest)
  }
}

const COLLECTION: Readonly<Record<string, Method>> = {
  find: async (collection, options) => {
    const [rest, filter] = cut(options, 'filter')
    return await collection.find(filter, rest).toArray()
  },
  aggregate: async (collection, options) => {
    const [rest, pipeline] = cut(options, 'pipeline')
    return await collection.aggregate(pipeline, rest).toArray()
  },
  findOne: positional('findOne', 'filter'),
  insertOne: positional('insertOne', 'document'),
  insertMany: positional('insertMany', 'documents'),
  updateOne: positional('updateOne', 'filter', 'update'),
  updateMany: positional('updateMany', 'filter', 'update'),
  replaceOne: positional('replaceOne', 'filter', 'replacement'),
  deleteOne: positional('deleteOne', 'filter'),
  deleteMany: positional('deleteMany', 'filter'),
  findOneAndUpdate: withReturn('findOneAndUpdate', 'filter', 'update'),
  findOneAndReplace: withReturn('findOneAndReplace', 'filter', 'replacement'),
  findOneAndDelete: positional('findOneAndDelete', 'filter'),
  distinct: positional('distinct', 'fieldName', 'filter'),
  countDocuments: positional('countDocuments', 'filter'),
  estimatedDocumentCount: positional('estimatedDocumentCount'),
  count: positional('count', 'filter'),
  createIndex: positional('createIndex', 'keys'),
  listIndexes: async (collection, options) => await collection.listIndexes(options).toArray(),
  bulkWrite: async (collection, options) => {
    const [rest, requests] = cut(options, 'requests')
    return await collection.bulkWrite(requests, rest)
  },
}

function withReturn(method: string, ...names: string[]): Method {
  const call = positional(method, ...names)
  return async (collection, options) => {
    const { returnDocument, ...rest } = options
    const wanted = typeof returnDocument === 'string' ? returnDocument.toLowerCase() : undefined
    return await call(collection, wanted === undefined ? rest : { ...rest, returnDocument: wanted })
  }
}

async function collectionOperation(operation: Operation): Promise<unknown> {
  const method = COLLECTION[operation.name]
  if (method === undefined) throw new NotInDriver(operation.name)
  const collection = found(operation.entities.collections, operation.object)
  return await method(collection, withoutSession(operation))
}

async function databaseOperation(operation: Operation): Promise<unknown> {
  const database = found(operation.entities.databases, operation.object)
  const options = withoutSession(operation)
  switch (operation.name) {
    case 'runCommand':
      return await runCommand(database, options)
    case 'runCursorCommand':
    case 'createCommandCursor':
      return await cursorCommand(database, operation)
    case 'aggregate': {
      const [rest, pipeline] = cut(options, 'pipeline')
      return await database.aggregate(pipeline, rest).toArray()
    }
    case 'listCollections':
      return await database.listCollections(options['filter'] ?? {}, options).toArray()
    case 'listCollectionNames':
      return await database.listCollections({}, { nameOnly: true, ...options }).toArray()
    case 'createCollection': {
      const [rest, name] = cut(options, 'collection')
      await database.createCollection(name, rest)
      return undefined
    }
    case 'dropCollection':
      await database.dropCollection(String(options['collection']))
      return undefined
    case 'modifyCollection': {
      const [rest, name] = cut(options, 'collection')
      return await database.command({ collMod: name, ...rest })
    }
    default:
      throw new NotInDriver(operation.name)
  }
}

async function runCommand(database: Db, options: Options): Promise<unknown> {
  const [rest, command, preference] = cut(options, 'command', 'readPreference', 'commandName')
  return await database.command(command, { ...rest, ...preferenceOf(preference) })
}

function preferenceOf(preference: Document | undefined): Options {
  return preference === undefined
    ? {}
    : { readPreference: ReadPreference.fromOptions({ readPreference: preference } as never) }
}

async function cursorCommand(database: Db, operation: Operation): Promise<unknown> {
  const [rest, command, preference] = cut(
    withoutSession(operation),
    'command',
    'readPreference',
    'commandName',
    'batchSize',
    'maxTimeMS',
    'comment',
    'cursorType',
    'timeoutMode',
  )
  const cursor = database.runCursorCommand(command, { ...rest, ...preferenceOf(preference) })
  const { batchSize, maxTimeMS, comment } = operation.args
  if (batchSize !== undefined) cursor.setBatchSize(batchSize)
  if (maxTimeMS !== undefined) cursor.setMaxTimeMS(maxTimeMS)
  if (comment !== undefined) cursor.setComment(comment)
  if (operation.name === 'runCursorCommand') return await cursor.toArray()
  await cursor.hasNext()
  return cursor
}

async function clientOperation(operation: Operation): Promise<unknown> {
  const client: MongoClient = found(operation.entities.clients, operation.object)
  const options = withoutSession(operation)
  switch (operation.name) {
    case 'listDatabases':
      return (await client.db('admin').admin().listDatabases(options)).databases
    case 'listDatabaseNames':
      return await client
        .db('admin')
        .admin()
        .listDatabases({ nameOnly: true, ...options })
    case 'clientBulkWrite':
      return await clientBulkWrite(client, options)
    default:
      throw new NotInDriver(operation.name)
  }
}

async function clientBulkWrite(client: MongoClient, options: Options): Promise<unknown> {
  const [rest, models] = cut(options, 'models')
  const flat = (models as Document[]).map((model) => {
    const [[name, fields] = ['', {}]] = Object.entries(model) as [string, Document][]
    return { name, ...fields } as never
  })
  return plainResult((await client.bulkWrite(flat, rest)) as Document)
}

/** A result of the client's bulk write as the specification writes it. */
export function plainResult(result: Document): Document {
  const plain = (map: ReadonlyMap<number, Document> | undefined): unknown =>
    map && Object.fromEntries([...map].map(([at, { didUpsert: _, ...one }]) => [at, one]))
  return {
    ...result,
    insertResults: plain(result['insertResults']),
    updateResults: plain(result['updateResults']),
    deleteResults: plain(result['deleteResults']),
  }
}

async function cursorOperation({ name, object, entities }: Operation): Promise<unknown> {
  const cursor = found(entities.cursors, object)
  if (name === 'close') await cursor.close()
  else if (name === 'iterateOnce') return await cursor.tryNext()
  else if (name === 'iterateUntilDocumentOrError') return await cursor.next()
  else throw new NotInDriver(name)
  return undefined
}

async function runnerOperation({ name, args, entities, uri }: Operation): Promise<unknown> {
  if (name === 'createEntities') await createEntities(uri, args['entities'], entities)
  else if (name === 'failPoint')
    await found(entities.clients, args['client']).db('admin').command(args['failPoint'])
  else if (name === 'assertNumberConnectionsCheckedOut') return undefined
  else if (name === 'assertSameLsidOnLastTwoCommands') assertSameSession(entities, args['client'])
  else throw new NotInDriver(name)
  return undefined
}

function assertSameSession({ events }: Entities, client: unknown): void {
  const started = found(events, client).filter(({ kind }) => kind === 'commandStartedEvent')
  const [a, b] = started.slice(-2).map(({ event }) => BSON.EJSON.stringify(event['command'].lsid))
  if (a === undefined || a !== b) throw new Error('the last two commands have different sessions')
}
