import { UUID, type Document } from 'bson'
import { collatorOf } from '../query/collation.js'
import { compileFilter } from '../query/match.js'
import { decode, encode } from '../bson/raw.js'
import { idRange, removeRange, type Environment } from './environment.js'
import { fieldsOf, type Index } from './index-keys.js'

const COLLECTION_PREFIX = 'collection:'
const COUNT_PREFIX = 'count:'
const NEXT_ID = Buffer.from('next id')

/** A read-only collection that is a pipeline over another one. */
export interface View {
  readonly on: string
  readonly pipeline: readonly Document[]
}

/** A collection as the process keeps it in memory. */
export interface Collection {
  readonly id: number
  readonly uuid: UUID
  database: string
  name: string
  options: Document
  view: View | undefined
  indexes: Index[]
  count: number
  lastRecord: number
  dropped: boolean
}

/** `database.collection`. */
export function namespaceOf({ database, name }: Pick<Collection, 'database' | 'name'>): string {
  return `${database}.${name}`
}

/** All collections and their indexes; kept in memory, written with the data it describes. */
export class Catalog {
  readonly #environment: Environment
  readonly #collections = new Map<string, Collection>()
  readonly #counted = new Set<Collection>()
  #nextId = 1

  constructor(environment: Environment) {
    this.#environment = environment
    this.reload()
  }

  /** Takes everything from disk again, after a transaction that was given up. */
  reload(): void {
    this.#collections.clear()
    this.#counted.clear()
    const { meta } = this.#environment
    this.#nextId = Number(meta.get(NEXT_ID)?.toString() ?? 1)
    for (const { value } of prefixed(this.#environment, COLLECTION_PREFIX)) {
      const collection = this.#load(decode(value))
      this.#collections.set(namespaceOf(collection), collection)
    }
  }

  get(namespace: string): Collection | undefined {
    return this.#collections.get(namespace)
  }

  all(): Iterable<Collection> {
    return this.#collections.values()
  }

  inDatabase(database: string): Collection[] {
    return [...this.#collections.values()]
      .filter((collection) => collection.database === database)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** Adds a collection with its `_id` index, or a view, which has none. */
  create(namespace: string, options: Document = {}, view?: View): Collection {
    const [database, name] = splitNamespace(namespace)
    const collection: Collection = {
      id: this.newId(),
      uuid: new UUID(),
      database,
      name,
      options,
      view,
      indexes: [],
      count: 0,
      lastRecord: 0,
      dropped: false,
    }
    if (view === undefined)
      collection.indexes.push(
        this.indexFrom({ v: 2, key: { _id: 1 }, name: '_id_', ...inherited(options) }),
      )
    this.#collections.set(namespace, collection)
    this.save(collection)
    return collection
  }

  /** Builds the working form of an index that is being created. */
  indexFrom(spec: Document): Index {
    return loadIndex({ id: this.newId(), spec, multikey: [], truncated: false })
  }

  drop(collection: Collection): void {
    const { data, index, meta } = this.#environment
    removeRange(data, idRange(collection.id))
    for (const { id } of collection.indexes) removeRange(index, idRange(id))
    void meta.remove(collectionKey(namespaceOf(collection)))
    void meta.remove(countKey(collection.id))
    this.#collections.delete(namespaceOf(collection))
    this.#counted.delete(collection)
    collection.dropped = true
  }

  rename(collection: Collection, to: string): void {
    void this.#environment.meta.remove(collectionKey(namespaceOf(collection)))
    this.#collections.delete(namespaceOf(collection))
    const [database, name] = splitNamespace(to)
    collection.database = database
    collection.name = name
    this.#collections.set(to, collection)
    this.save(collection)
  }

  dropIndex(collection: Collection, index: Index): void {
    removeRange(this.#environment.index, idRange(index.id))
    collection.indexes = collection.indexes.filter((other) => other !== index)
    this.save(collection)
  }

  /** Changes the count by one or minus one; written at the end of the transaction. */
  count(collection: Collection, change: number): void {
    collection.count += change
    this.#counted.add(collection)
  }

  /** Writes the counts that changed, as the last act of a transaction. */
  flushCounts(): void {
    for (const { id, count, lastRecord } of this.#counted) {
      const record = Buffer.allocUnsafe(16)
      record.writeDoubleBE(count, 0)
      record.writeDoubleBE(lastRecord, 8)
      void this.#environment.meta.put(countKey(id), record)
    }
    this.#counted.clear()
  }

  save(collection: Collection): void {
    const { id, uuid, options, view, indexes } = collection
    const record = {
      namespace: namespaceOf(collection),
      id,
      uuid,
      options,
      view: view ?? null,
      indexes: indexes.map(({ id: indexId, spec, multikey, truncated }) => {
        return { id: indexId, spec, multikey, truncated }
      }),
    }
    void this.#environment.meta.put(collectionKey(namespaceOf(collection)), encode(record))
  }

  newId(): number {
    const id = this.#nextId
    this.#nextId += 1
    void this.#environment.meta.put(NEXT_ID, Buffer.from(String(this.#nextId)))
    return id
  }

  #load(record: Document): Collection {
    const id = Number(record['id'])
    const [database, name] = splitNamespace(String(record['namespace']))
    const counts = this.#environment.meta.get(countKey(id))
    const view = record['view'] as View | null
    return {
      id,
      uuid: record['uuid'] as UUID,
      database,
      name,
      options: record['options'] as Document,
      view: view ?? undefined,
      indexes: (record['indexes'] as Document[]).map((index) => loadIndex(index)),
      count: counts?.readDoubleBE(0) ?? 0,
      lastRecord: counts?.readDoubleBE(8) ?? 0,
      dropped: false,
    }
  }
}

function loadIndex(record: Document): Index {
  const spec = record['spec'] as Document
  const partial = spec['partialFilterExpression'] as Document | undefined
  const fields = fieldsOf(spec['key'] as Document)
  const collator = collatorOf(spec['collation'])
  return {
    id: Number(record['id']),
    spec,
    name: String(spec['name']),
    fields,
    directions: fields.map(({ descending }) => (descending ? -1 : 1)),
    unique: spec['unique'] === true || spec['name'] === '_id_',
    sparse: spec['sparse'] === true,
    partial,
    includes: partial === undefined ? undefined : compileFilter(partial),
    collator,
    usable: spec['hidden'] !== true && collator === undefined,
    multikey: fields.map((_, at) => (record['multikey'] as boolean[])[at] === true),
    truncated: record['truncated'] === true,
  }
}

/** An index compares strings as its collection does, unless it says otherwise. */
export function inherited({ collation }: Document): { readonly collation?: unknown } {
  return collatorOf(collation) === undefined ? {} : { collation: collation as unknown }
}

function* prefixed(environment: Environment, prefix: string): Generator<{ value: Buffer }> {
  const start = Buffer.from(prefix)
  const end = Buffer.from(`${prefix}\u{10ffff}`)
  yield* environment.meta.getRange({ start, end })
}

const collectionKey = (namespace: string): Buffer => Buffer.from(COLLECTION_PREFIX + namespace)
const countKey = (id: number): Buffer => Buffer.from(COUNT_PREFIX + String(id))

function splitNamespace(namespace: string): [database: string, name: string] {
  const dot = namespace.indexOf('.')
  return [namespace.slice(0, dot), namespace.slice(dot + 1)]
}
