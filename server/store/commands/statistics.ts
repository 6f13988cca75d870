import { Long, type Document } from 'bson'
import { MongoError } from '../errors.js'
import type { Store } from '../store.js'
import type { Request } from './command.js'

interface Context {
  readonly store: Store
  readonly request: Request
}

interface Asked {
  readonly stage: string
  readonly options: Document
}

/** The documents of `$collStats`, `$indexStats` and the stages that tell of the server. */
export function statisticsOf(
  context: Context,
  collection: string | undefined,
  { stage, options }: Asked,
): readonly Document[] {
  if (collection === undefined) return serverStatistics(context, stage)
  if (stage === '$indexStats') return indexStatistics(context, collection)
  if (stage === '$planCacheStats') return []
  if (stage !== '$collStats')
    throw new MongoError(73, `${stage} must be run against the database with {aggregate: 1}`)
  return [collectionStatistics(context, collection, options)]
}

function serverStatistics({ request }: Context, stage: string): readonly Document[] {
  if (stage === '$currentOp') return []
  if (stage === '$listLocalSessions') return sessionOf(request)
  throw new MongoError(
    73,
    `${stage} is only valid as the first stage in a pipeline over a collection`,
  )
}

/** Sessions have no state here: the one that asks is the one that is known. */
function sessionOf({ body }: Request): Document[] {
  return body['lsid'] === undefined ? [] : [{ _id: body['lsid'], lastUse: new Date() }]
}

function indexStatistics({ store, request }: Context, name: string): Document[] {
  const collection = store.catalog.get(`${request.database}.${name}`)
  return (collection?.indexes ?? []).map(({ name: index, spec }) => ({
    name: index,
    key: spec['key'] as Document,
    host: 'palier',
    accesses: { ops: Long.ZERO, since: new Date() },
    spec,
  }))
}

function collectionStatistics(
  { store, request }: Context,
  name: string,
  { count, storageStats }: Document,
): Document {
  const ns = `${request.database}.${name}`
  const collection = store.catalog.get(ns)
  if (collection === undefined) throw new MongoError(26, `Collection [${ns}] not found.`)
  const size = storageStats === undefined ? undefined : store.sizeOf(collection)
  return {
    ns,
    host: 'palier',
    localTime: new Date(),
    ...(count === undefined ? {} : { count: collection.count }),
    ...(size === undefined
      ? {}
      : { storageStats: { size: size.data, count: collection.count, indexSizes: size.indexes } }),
  }
}
