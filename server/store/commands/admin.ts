import type { Document } from 'bson'
import { MongoError } from '../errors.js'
import { inspect } from '../storage/inspection.js'
import { namespaceOf } from '../storage/catalog.js'
import { command, targetNamespace, type Call, type Command } from './command.js'
import { existing } from './collections.js'
import type { Arguments } from './schema.js'

const SCALED = { scale: 'number', freeStorage: 'number' } as const

function collStats({ store, request, args }: Call<Arguments<typeof SCALED>>): Document {
  const name = targetNamespace(request)
  const collection = store.catalog.get(name)
  const scale = args.scale ?? 1
  const { data, indexes } =
    collection === undefined ? { data: 0, indexes: {} } : store.sizeOf(collection)
  const count = collection?.count ?? 0
  const indexSizes = Object.fromEntries(
    Object.entries(indexes).map(([index, size]) => [index, Math.floor(size / scale)]),
  )
  const totalIndexSize = Object.values(indexSizes).reduce((sum, size) => sum + size, 0)
  return {
    ns: name,
    size: Math.floor(data / scale),
    count,
    ...(count > 0 ? { avgObjSize: Math.floor(data / count) } : {}),
    numOrphanDocs: 0,
    storageSize: Math.floor(data / scale),
    capped: false,
    nindexes: collection?.indexes.length ?? 0,
    indexSizes,
    totalIndexSize,
    totalSize: Math.floor(data / scale) + totalIndexSize,
    scaleFactor: scale,
    ok: 1,
  }
}

function dbStats({ store, request, args }: Call<Arguments<typeof SCALED>>): Document {
  const scale = args.scale ?? 1
  const all = store.catalog.inDatabase(request.database)
  const collections = all.filter(({ view }) => view === undefined)
  const sizes = collections.map((collection) => store.sizeOf(collection))
  const dataSize = sizes.reduce((sum, { data }) => sum + data, 0)
  const indexSize = sizes
    .flatMap(({ indexes }) => Object.values(indexes))
    .reduce((sum, size) => sum + size, 0)
  const objects = collections.reduce((sum, { count }) => sum + count, 0)
  return {
    db: request.database,
    collections: collections.length,
    views: all.length - collections.length,
    objects,
    avgObjSize: objects === 0 ? 0 : dataSize / objects,
    dataSize: dataSize / scale,
    storageSize: dataSize / scale,
    indexes: collections.reduce((sum, { indexes }) => sum + indexes.length, 0),
    indexSize: indexSize / scale,
    totalSize: (dataSize + indexSize) / scale,
    scaleFactor: scale,
    ok: 1,
  }
}

const VALIDATE = {
  full: 'boolean',
  repair: 'boolean',
  metadata: 'boolean',
  checkBSONConformance: 'boolean',
  background: 'boolean',
} as const

/** Reads every record and every index entry and compares them with each other. */
function* validate({
  store,
  request,
}: Call<Arguments<typeof VALIDATE>>): Generator<undefined, Document> {
  const collection = existing(store, request)
  const { errors, records, keysPerIndex } = yield* inspect(store.environment, collection)
  return {
    ns: namespaceOf(collection),
    nInvalidDocuments: 0,
    nrecords: records,
    nIndexes: collection.indexes.length,
    keysPerIndex,
    valid: errors.length === 0,
    repaired: false,
    warnings: [],
    errors,
    ok: 1,
  }
}

function configureFailPoint({ store, request }: Call<Document>): Document {
  const { configureFailPoint: name, mode, data } = request.body
  if (!store.testCommands) throw new MongoError(59, "no such command: 'configureFailPoint'")
  if (name !== 'failCommand') throw new MongoError(2, `no such fail point: ${String(name)}`)
  store.failPoint.configure(mode, (data ?? {}) as Document)
  return { count: 0, ok: 1 }
}

/** A backup while writes go on, into a directory that must be new. */
const FSYNC = { lock: 'boolean', fsyncLockAcquisitionTimeoutMillis: 'number' } as const

function fsync({ args }: Call<Arguments<typeof FSYNC>>): Document {
  if (args.lock === true)
    throw new MongoError(115, 'fsync with lock is not supported by this store')
  return { numFiles: 1, ok: 1 }
}

function currentOp(): Document {
  return { inprog: [], ok: 1 }
}

/** Statistics, checks and upkeep. */
export const adminCommands: readonly Command[] = [
  ...['collStats', 'collstats'].map((name) => command(name, { shape: SCALED, run: collStats })),
  ...['dbStats', 'dbstats'].map((name) => command(name, { shape: SCALED, run: dbStats })),
  command('validate', { shape: VALIDATE, run: validate }),
  command('fsync', { shape: FSYNC, adminOnly: true, run: fsync }),
  command('currentOp', { shape: { $all: 'any', $ownOps: 'any' }, adminOnly: true, run: currentOp }),
  { name: 'configureFailPoint', writes: false, adminOnly: true, run: configureFailPoint },
]
