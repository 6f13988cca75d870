import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { BSON, type Document } from 'bson'
import { decode } from './bson/raw.js'
import { lockDirectory } from './lock.js'
import { checkDocument } from './wire/document-check.js'
import { Catalog, namespaceOf, type Collection } from './storage/catalog.js'
import { Environment, idRange } from './storage/environment.js'
import { Store } from './store.js'

const DOCUMENTS_PER_TRANSACTION = 1000

/** How many documents went out or came in, by collection. */
export type Moved = Readonly<Record<string, number>>

/** Writes a store, running or not, as `mongodump` does: `mongorestore <target>` reads it. */
export async function exportStore(dataDir: string, target: string): Promise<Moved> {
  const environment = new Environment(dataDir, { readOnly: true })
  try {
    const collections = [...new Catalog(environment).all()]
    return environment.snapshot((read) => {
      const moved = collections.map((collection) => {
        const documents = collection.view === undefined ? read(idRange(collection.id)) : []
        return [namespaceOf(collection), writeCollection(target, collection, documents)]
      })
      return Object.fromEntries(moved) as Moved
    })
  } finally {
    await environment.close()
  }
}

function writeCollection(
  target: string,
  collection: Collection,
  documents: Iterable<{ readonly value: Buffer }>,
): number {
  const directory = join(target, collection.database)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const base = join(directory, encodeURIComponent(collection.name))
  writeFileSync(
    `${base}.metadata.json`,
    BSON.EJSON.stringify(metadataOf(collection), { relaxed: false }),
  )
  const file = openSync(`${base}.bson`, 'w', 0o600)
  let count = 0
  try {
    for (const { value } of documents) {
      writeSync(file, value)
      count += 1
    }
  } finally {
    closeSync(file)
  }
  return count
}

function metadataOf({ name, view, uuid, options, indexes }: Collection): Document {
  const shown =
    view === undefined ? options : { viewOn: view.on, pipeline: view.pipeline, ...options }
  return {
    indexes: indexes.map(({ spec }) => spec),
    uuid: uuid.toHexString(false),
    collectionName: name,
    type: view === undefined ? 'collection' : 'view',
    options: shown,
  }
}

/** Reads what `mongodump` or `exportStore` wrote into a store that is not running and has none of it. */
export async function importStore(source: string, dataDir: string): Promise<Moved> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const lock = await lockDirectory(dataDir)
  const store = new Store({ directory: dataDir })
  try {
    const moved: Record<string, number> = {}
    for (const database of readdirSync(source, { withFileTypes: true }).filter((one) =>
      one.isDirectory(),
    ))
      for (const file of readdirSync(join(source, database.name)).filter((name) =>
        name.endsWith('.metadata.json'),
      )) {
        const base = join(source, database.name, file.slice(0, -'.metadata.json'.length))
        const name = `${database.name}.${decodeURIComponent(basename(base))}`
        moved[name] = readCollection(store, name, base)
      }
    return moved
  } finally {
    await store.close()
    lock.release()
  }
}

function readCollection(store: Store, name: string, base: string): number {
  if (store.catalog.get(name) !== undefined) throw new Error(`The store already has ${name}.`)
  const text = readFileSync(`${base}.metadata.json`, 'utf8')
  const { indexes = [], options = {} } = BSON.EJSON.parse(text, { relaxed: false }) as Document
  const { viewOn: on, pipeline = [], ...others } = decode(Buffer.from(BSON.serialize(options)))
  const view = on === undefined ? undefined : { on: String(on), pipeline: pipeline as Document[] }
  store.write(() => {
    store.catalog.create(name, others, view)
  })
  if (view !== undefined) return 0
  const count = insertAll(store, name, readFileSync(`${base}.bson`))
  store.write(() => {
    for (const spec of (indexes as Document[]).filter(({ name: index }) => index !== '_id_'))
      addIndex(store, name, spec)
  })
  return count
}

function insertAll(store: Store, name: string, file: Buffer): number {
  let count = 0
  for (let at = 0; at < file.length;)
    store.write(() => {
      const collection = store.ensure(name)
      const end = count + DOCUMENTS_PER_TRANSACTION
      for (; at < file.length && count < end; count += 1) {
        const document = file.subarray(at, at + file.readInt32LE(at))
        checkDocument(document)
        store.records.insert(collection, document)
        at += document.length
      }
    })
  return count
}

function addIndex(store: Store, name: string, spec: Document): void {
  const collection = store.ensure(name)
  const index = store.catalog.indexFrom(decode(Buffer.from(BSON.serialize(spec))))
  store.records.buildIndex(collection, index)
  collection.indexes.push(index)
  store.catalog.save(collection)
}
