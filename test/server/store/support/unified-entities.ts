import { BSON, type Document } from 'mongodb'
import {
  GridFSBucket,
  MongoClient,
  type ClientSession,
  type Collection,
  type Db,
  type AbstractCursor,
} from 'mongodb'

/** One observed event: its kind and its fields as the specification names them. */
export interface Observed {
  readonly kind: string
  readonly event: Document
}

/** What a test refers to by name. */
export interface Entities {
  readonly clients: Map<string, MongoClient>
  readonly databases: Map<string, Db>
  readonly collections: Map<string, Collection>
  readonly buckets: Map<string, GridFSBucket>
  readonly sessions: Map<string, ClientSession>
  readonly cursors: Map<string, AbstractCursor>
  readonly events: Map<string, Observed[]>
}

const COMMAND_EVENTS = ['commandStarted', 'commandSucceeded', 'commandFailed'] as const
const POOL_EVENTS: Readonly<Record<string, string>> = {
  connectionCheckOutStartedEvent: 'connectionCheckOutStarted',
  connectionCheckedOutEvent: 'connectionCheckedOut',
  connectionCheckedInEvent: 'connectionCheckedIn',
  connectionReadyEvent: 'connectionReady',
}
/** Never observed unless a test asks for them, as the specification says. */
const SENSITIVE = new Set(['configureFailPoint', 'hello', 'ismaster', 'isMaster'])

/** An empty set of entities. */
export function noEntities(): Entities {
  return {
    clients: new Map(),
    databases: new Map(),
    collections: new Map(),
    buckets: new Map(),
    sessions: new Map(),
    cursors: new Map(),
    events: new Map(),
  }
}

/** Makes the entities that a file or an operation lists. */
export async function createEntities(
  uri: string,
  list: readonly Document[],
  entities: Entities,
): Promise<void> {
  for (const entity of list) {
    const [[kind, spec] = ['', {}]] = Object.entries(entity) as [string, Document][]
    if (kind === 'client') await createClient(uri, spec, entities)
    else createOther(kind, spec, entities)
  }
}

async function createClient(uri: string, spec: Document, entities: Entities): Promise<void> {
  const { readConcernLevel, w, ...others } = (spec['uriOptions'] ?? {}) as Document
  const client = new MongoClient(uri, {
    monitorCommands: true,
    ...others,
    ...(readConcernLevel === undefined ? {} : { readConcern: { level: readConcernLevel } }),
    ...(w === undefined ? {} : { writeConcern: { w } }),
    ...(spec['serverApi'] === undefined ? {} : { serverApi: spec['serverApi'] }),
  })
  const id = String(spec['id'])
  const events: Observed[] = []
  entities.clients.set(id, client)
  entities.events.set(id, events)
  observe(client, spec, events)
  await client.connect()
}

function observe(client: MongoClient, spec: Document, events: Observed[]): void {
  const wanted = new Set((spec['observeEvents'] ?? []) as string[])
  const ignored = new Set((spec['ignoreCommandMonitoringEvents'] ?? []) as string[])
  for (const name of COMMAND_EVENTS) {
    if (!wanted.has(`${name}Event`)) continue
    client.on(name as 'commandStarted', (event) => {
      if (SENSITIVE.has(event.commandName) || ignored.has(event.commandName)) return
      const copy = {
        ...event,
        databaseName: 'databaseName' in event ? event.databaseName : undefined,
      }
      events.push({ kind: `${name}Event`, event: copy })
    })
  }
  for (const [kind, name] of Object.entries(POOL_EVENTS))
    if (wanted.has(kind))
      client.on(name as 'connectionReady', (event: object) =>
        events.push({ kind, event: { ...event } }),
      )
}

function createOther(kind: string, spec: Document, entities: Entities): void {
  const id = String(spec['id'])
  if (kind === 'database') {
    const client = found(entities.clients, spec['client'])
    entities.databases.set(id, client.db(spec['databaseName'], concerns(spec['databaseOptions'])))
  } else if (kind === 'collection') {
    const database = found(entities.databases, spec['database'])
    const options = concerns(spec['collectionOptions'])
    entities.collections.set(id, database.collection(spec['collectionName'], options))
  } else if (kind === 'bucket') {
    entities.buckets.set(id, new GridFSBucket(found(entities.databases, spec['database'])))
  } else if (kind === 'session') {
    entities.sessions.set(id, found(entities.clients, spec['client']).startSession())
  } else {
    throw new Error(`entity ${kind} is not known`)
  }
}

function concerns(options: unknown): Document {
  return BSON.EJSON.deserialize((options ?? {}) as Document)
}

/** An entity by its name; a test that names another one is wrong. */
export function found<T>(map: ReadonlyMap<string, T>, id: unknown): T {
  const entity = map.get(String(id))
  if (entity === undefined) throw new Error(`entity ${String(id)} does not exist`)
  return entity
}

/** Closes every client; what closing sends is no part of what a test observes. */
export async function closeEntities({ clients, sessions }: Entities): Promise<void> {
  for (const client of clients.values())
    for (const name of COMMAND_EVENTS) client.removeAllListeners(name)
  for (const session of sessions.values()) await session.endSession()
  for (const client of clients.values()) await client.close()
}
