import type { Document } from 'bson'
import { encode } from '../bson/raw.js'
import { MongoError } from '../errors.js'
import { compileFilter } from '../query/match.js'
import { namespaceOf, type Collection } from '../storage/catalog.js'
import type { Store } from '../store.js'
import {
  command,
  targetNamespace,
  type Call,
  type Command,
  type Request,
  type Steps,
} from './command.js'
import { checkValidator } from './validation.js'
import { checkView } from './views.js'
import { changeIndex } from './indexes.js'
import type { Arguments } from './schema.js'

const LONGEST_NAMESPACE = 255

const CREATE = {
  viewOn: 'string',
  pipeline: 'array',
  validator: 'object',
  validationLevel: 'string',
  validationAction: 'string',
  collation: 'object',
  capped: 'boolean',
  size: 'number',
  max: 'number',
  timeseries: 'object',
  expireAfterSeconds: 'number',
  clusteredIndex: 'any',
  changeStreamPreAndPostImages: 'object',
  encryptedFields: 'object',
  storageEngine: 'object',
  indexOptionDefaults: 'object',
  idIndex: 'object',
  autoIndexId: 'boolean',
  flags: 'number',
} as const

type CreateArguments = Arguments<typeof CREATE>

function create({ store, request, args }: Call<CreateArguments>): Document {
  const name = targetNamespace(request)
  checkNewName(name)
  refuseKinds(args)
  const options = collectionOptions(args)
  const existing = store.catalog.get(name)
  if (existing !== undefined) return alreadyThere(existing, options)
  const { viewOn: on, pipeline } = args
  const view = on === undefined ? undefined : { on, pipeline: checkView(pipeline ?? []) }
  store.catalog.create(name, options, view)
  return { ok: 1 }
}

/** Creating the same collection twice is no error; another one of its name is. */
function alreadyThere(existing: Collection, options: Document): Document {
  const isSame = existing.view === undefined && encode(existing.options).equals(encode(options))
  if (isSame) return { ok: 1 }
  throw new MongoError(
    48,
    `namespace ${namespaceOf(existing)} already exists, but with different options`,
  )
}

function refuseKinds(args: CreateArguments): void {
  const { capped, timeseries, clusteredIndex, encryptedFields } = args
  if (capped === true)
    throw new MongoError(115, 'capped collections are not supported by this store')
  if (timeseries !== undefined)
    throw new MongoError(115, 'time series collections are not supported by this store')
  if (clusteredIndex !== undefined && clusteredIndex !== false)
    throw new MongoError(115, 'clustered collections are not supported by this store')
  if (encryptedFields !== undefined)
    throw new MongoError(115, 'encrypted fields are not supported by this store')
}

function collectionOptions({
  validator,
  validationLevel,
  validationAction,
  collation,
}: CreateArguments): Document {
  if (validator !== undefined) checkValidator(validator)
  const given = { validator, validationLevel, validationAction, collation }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function checkNewName(name: string): void {
  const collection = name.slice(name.indexOf('.') + 1)
  const isBad =
    collection.includes('$') || collection.startsWith('system.') || name.length > LONGEST_NAMESPACE
  if (isBad) throw new MongoError(73, `Invalid collection name: ${collection}`)
}

function drop({ store, request }: Call<object>): Document {
  const name = targetNamespace(request)
  const collection = store.catalog.get(name)
  if (collection === undefined) return { ok: 1 }
  const nIndexesWas = collection.indexes.length
  store.catalog.drop(collection)
  return { ...(collection.view === undefined ? { nIndexesWas } : {}), ns: name, ok: 1 }
}

function dropDatabase({ store, request }: Call<object>): Document {
  for (const collection of store.catalog.inDatabase(request.database))
    store.catalog.drop(collection)
  return { dropped: request.database, ok: 1 }
}

const RENAME = { to: 'string!', dropTarget: 'any', stayTemp: 'boolean' } as const

function renameCollection({ store, request, args }: Call<Arguments<typeof RENAME>>): Document {
  const from: unknown = request.body['renameCollection']
  if (typeof from !== 'string') throw new MongoError(14, "'renameCollection' must be a string")
  const collection = store.catalog.get(from)
  if (collection === undefined) throw new MongoError(26, `Source collection ${from} does not exist`)
  checkNewName(args.to)
  if (from === args.to) throw new MongoError(20, "Can't rename a collection to itself")
  const target = store.catalog.get(args.to)
  if (target !== undefined && args.dropTarget !== true)
    throw new MongoError(48, 'target namespace exists')
  if (target !== undefined) store.catalog.drop(target)
  store.catalog.rename(collection, args.to)
  return { ok: 1 }
}

const LIST = {
  filter: 'object',
  nameOnly: 'boolean',
  cursor: 'object',
  authorizedCollections: 'boolean',
} as const

function* listCollections({ store, request, args }: Call<Arguments<typeof LIST>>): Steps<Buffer> {
  const matches = compileFilter(args.filter ?? {})
  const found = store.catalog
    .inDatabase(request.database)
    .map((collection) => encode(describe(collection, args.nameOnly === true)))
    .filter((document) => matches(document))
  const namespace = `${request.database}.$cmd.listCollections`
  return yield* store.cursors.first(found.values(), {
    namespace,
    batchSize: batchSizeOf(args.cursor),
  })
}

/** The `batchSize` of a `cursor` argument. */
export function batchSizeOf(cursor: Document | undefined): number | undefined {
  const size: unknown = cursor?.['batchSize']
  return size === undefined ? undefined : Number(size)
}

function describe(collection: Collection, nameOnly: boolean): Document {
  const { name, view, uuid, options } = collection
  const type = view === undefined ? 'collection' : 'view'
  if (nameOnly) return { name, type }
  if (view !== undefined) {
    const shown = { viewOn: view.on, pipeline: view.pipeline, ...options }
    return { name, type, options: shown, info: { readOnly: true } }
  }
  const idIndex = { v: 2, key: { _id: 1 }, name: '_id_' }
  return { name, type, options, info: { readOnly: false, uuid }, idIndex }
}

const LIST_DATABASES = {
  filter: 'object',
  nameOnly: 'boolean',
  authorizedDatabases: 'boolean',
} as const

function listDatabases({ store, args }: Call<Arguments<typeof LIST_DATABASES>>): Document {
  const names = new Set([...store.catalog.all()].map(({ database }) => database))
  const matches = compileFilter(args.filter ?? {})
  const databases = [...names]
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => ({ name, sizeOnDisk: sizeOf(store, name), empty: false }))
    .filter((database) => matches(encode(database)))
  if (args.nameOnly === true) return { databases: databases.map(({ name }) => ({ name })), ok: 1 }
  const totalSize = databases.reduce((sum, { sizeOnDisk }) => sum + sizeOnDisk, 0)
  return { databases, totalSize, totalSizeMb: Math.floor(totalSize / 2 ** 20), ok: 1 }
}

function sizeOf(store: Store, database: string): number {
  return store.catalog.inDatabase(database).reduce((sum, one) => sum + store.sizeOf(one).data, 0)
}

const COLL_MOD = {
  validator: 'object',
  validationLevel: 'string',
  validationAction: 'string',
  index: 'object',
  viewOn: 'string',
  pipeline: 'array',
} as const

/** The collection a command names, which must exist. */
export function existing(store: Store, request: Request): Collection {
  const name = targetNamespace(request)
  const collection = store.catalog.get(name)
  if (collection === undefined) throw new MongoError(26, `ns does not exist: ${name}`)
  return collection
}

function collMod({ store, request, args }: Call<Arguments<typeof COLL_MOD>>): Document {
  const collection = existing(store, request)
  if (args.validator !== undefined) checkValidator(args.validator)
  for (const name of ['validator', 'validationLevel', 'validationAction'] as const)
    if (args[name] !== undefined) collection.options[name] = args[name]
  if (args.viewOn !== undefined || args.pipeline !== undefined) changeView(collection, args)
  const changes = args.index === undefined ? {} : changeIndex(collection, args.index)
  store.catalog.save(collection)
  return { ...changes, ok: 1 }
}

function changeView(collection: Collection, args: Arguments<typeof COLL_MOD>): void {
  const { view } = collection
  if (view === undefined) throw new MongoError(72, 'option not supported on a collection: viewOn')
  collection.view = {
    on: args.viewOn ?? view.on,
    pipeline: checkView(args.pipeline ?? view.pipeline),
  }
}

/** Creating, listing and removing collections, views and databases. */
export const collectionCommands: readonly Command[] = [
  command('create', { shape: CREATE, writes: true, run: create }),
  command('drop', { shape: {}, writes: true, run: drop }),
  command('dropDatabase', { shape: {}, writes: true, run: dropDatabase }),
  command('renameCollection', {
    shape: RENAME,
    writes: true,
    adminOnly: true,
    run: renameCollection,
  }),
  command('collMod', { shape: COLL_MOD, writes: true, run: collMod }),
  command('listCollections', { shape: LIST, run: listCollections }),
  command('listDatabases', { shape: LIST_DATABASES, adminOnly: true, run: listDatabases }),
]
