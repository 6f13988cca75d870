import type { Document } from 'bson'
import { decodeValue, rawField, OBJECT, type RawValue } from '../bson/raw.js'
import { MongoError } from '../errors.js'
import { namespaceOf, type Catalog, type Collection } from './catalog.js'
import { CollatedUniqueness } from './collated-uniqueness.js'
import { entries, idRange, type Environment } from './environment.js'
import { recordIdBytes, recordIdOf, recordKey, type Index } from './index-keys.js'
import { keysOf, type DocumentKeys } from './key-extraction.js'

/** A record that is to be changed or removed. */
export interface Stored {
  readonly id: number
  readonly raw: Buffer
}

interface IndexedKeys extends DocumentKeys {
  readonly index: Index
}

/** Writes records and their index entries; a document is written wholly or not at all. */
export class Records {
  readonly #environment: Environment
  readonly #catalog: Catalog
  readonly #collated: CollatedUniqueness

  constructor(environment: Environment, catalog: Catalog) {
    this.#environment = environment
    this.#catalog = catalog
    this.#collated = new CollatedUniqueness(environment)
  }

  insert(collection: Collection, raw: Buffer): void {
    const indexed = collection.indexes.map((index) => ({ index, ...keysOf(index, raw) }))
    for (const { index, keys } of indexed)
      if (index.unique) this.#refuseDuplicates(collection, index, { keys, raw })
    collection.lastRecord += 1
    const id = collection.lastRecord
    for (const one of indexed) {
      this.#addEntries(collection, one, id)
      this.#collated.changed(one.index, id, { after: raw })
    }
    void this.#environment.data.put(recordKey(collection.id, id), raw)
    this.#catalog.count(collection, 1)
  }

  update(collection: Collection, { id, raw: before }: Stored, raw: Buffer): void {
    const changes = collection.indexes.map((index) => changesOf(index, before, raw))
    for (const { index, added } of changes)
      if (index.unique) this.#refuseDuplicates(collection, index, { keys: added.keys, raw, id })
    for (const { index, added, removed } of changes) {
      for (const key of removed) void this.#environment.index.remove(entryKey(index, key, id))
      this.#addEntries(collection, { index, ...added }, id)
      this.#collated.changed(index, id, { before, after: raw })
    }
    void this.#environment.data.put(recordKey(collection.id, id), raw)
  }

  remove(collection: Collection, { id, raw }: Stored): void {
    for (const index of collection.indexes) {
      for (const key of keysOf(index, raw).keys)
        void this.#environment.index.remove(entryKey(index, key, id))
      this.#collated.changed(index, id, { before: raw })
    }
    void this.#environment.data.remove(recordKey(collection.id, id))
    this.#catalog.count(collection, -1)
  }

  /** Fills a new index from what is stored; leaves nothing behind when it cannot. */
  buildIndex(collection: Collection, index: Index): void {
    for (const { key, value } of entries(this.#environment.data, idRange(collection.id))) {
      const found = keysOf(index, value)
      const id = recordIdOf(key)
      if (index.unique)
        this.#refuseDuplicates(collection, index, { keys: found.keys, raw: value, id })
      this.#addEntries(collection, { index, ...found }, id)
    }
  }

  #addEntries(collection: Collection, { index, keys, ...seen }: IndexedKeys, id: number): void {
    const bytes = recordIdBytes(id)
    for (const key of keys) void this.#environment.index.put(entryKey(index, key, id), bytes)
    this.#learn(collection, index, seen)
  }

  /** What one document shows about an index is remembered for all later plans. */
  #learn(
    collection: Collection,
    index: Index,
    { multikey, truncated }: Omit<DocumentKeys, 'keys'>,
  ): void {
    const isNews =
      (truncated && !index.truncated) ||
      multikey.some((is, at) => is && index.multikey[at] !== true)
    if (!isNews) return
    index.truncated ||= truncated
    for (const [at, is] of multikey.entries()) if (is) index.multikey[at] = true
    if (collection.indexes.includes(index)) this.#catalog.save(collection)
  }

  #refuseDuplicates(
    collection: Collection,
    index: Index,
    { keys, raw, id }: { keys: readonly Buffer[]; raw: Buffer; id?: number },
  ): void {
    for (const key of keys) {
      const owner = this.#environment.index.get(key)
      if (owner !== undefined && recordIdOf(owner) !== id)
        throw duplicateKey(collection, index, raw)
    }
    if (this.#collated.rivalOf(collection, index, { raw, own: id }) !== undefined)
      throw duplicateKey(collection, index, raw)
  }
}

function changesOf(
  index: Index,
  before: Buffer,
  after: Buffer,
): { index: Index; added: DocumentKeys; removed: Buffer[] } {
  const [old, now] = [keysOf(index, before), keysOf(index, after)]
  const had = new Set(old.keys.map((key) => key.toString('latin1')))
  const has = new Set(now.keys.map((key) => key.toString('latin1')))
  return {
    index,
    added: { ...now, keys: now.keys.filter((key) => !had.has(key.toString('latin1'))) },
    removed: old.keys.filter((key) => !has.has(key.toString('latin1'))),
  }
}

function entryKey(index: Index, key: Buffer, id: number): Buffer {
  return index.unique ? key : Buffer.concat([key, recordIdBytes(id)])
}

/** MongoDB's error for a second document with the same unique key. */
export function duplicateKey(collection: Collection, index: Index, raw: Buffer): MongoError {
  const values: [string, unknown][] = index.fields.map(({ path, parts }) => [
    path,
    valueAt(raw, parts),
  ])
  const shown = values.map(([path, value]) => `${path}: ${show(value)}`).join(', ')
  const message = `E11000 duplicate key error collection: ${namespaceOf(collection)} index: ${index.name} dup key: { ${shown} }`
  return new MongoError(11000, message, {
    keyPattern: index.spec['key'] as Document,
    keyValue: Object.fromEntries(values),
  })
}

function valueAt(raw: Buffer, parts: readonly string[]): unknown {
  let value: RawValue | undefined = { buffer: raw, type: OBJECT, offset: 0 }
  for (const part of parts)
    value = value?.type === OBJECT ? rawField(value.buffer, value.offset, part) : undefined
  return value === undefined ? null : decodeValue(value)
}

function show(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'string') return JSON.stringify(value)
  if (value instanceof Date) return `new Date(${String(value.getTime())})`
  if (typeof value === 'object' && '_bsontype' in value) {
    return value._bsontype === 'ObjectId' ? `ObjectId('${String(value)}')` : String(value)
  }
  return JSON.stringify(value)
}
