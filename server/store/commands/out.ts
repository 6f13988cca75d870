import { ObjectId, type Document } from 'bson'
import type { Documents } from '../cursors.js'
import { decode, encode } from '../bson/raw.js'
import { MongoError } from '../errors.js'
import { read } from '../query/read.js'
import { namespaceOf, type Collection } from '../storage/catalog.js'
import { duplicateKey } from '../storage/records.js'
import { compileUpdate } from '../update/update.js'
import type { Call } from './command.js'
import { insertOne, writable } from './insert.js'
import { isPlainObject } from './schema.js'

interface Target {
  readonly database: string
  readonly name: string
}

/** Writes a pipeline's result where its last stage, `$out` or `$merge`, says. */
export function writeOut(call: Call<unknown>, stage: Document, documents: Documents): void {
  const found = collect(documents)
  if ('$out' in stage) replaceCollection(call, stage['$out'], found)
  else mergeInto(call, stage['$merge'], found)
}

function collect(documents: Documents): Buffer[] {
  const found: Buffer[] = []
  for (let next = documents.next(); next.done !== true; next = documents.next())
    if (next.value !== undefined) found.push(next.value)
  return found
}

function targetOf(call: Call<unknown>, into: unknown): Target {
  const database = call.request.database
  if (typeof into === 'string') return { database, name: into }
  if (isPlainObject(into) && typeof into['coll'] === 'string')
    return { database: String(into['db'] ?? database), name: into['coll'] }
  throw new MongoError(16990, '$out only supports a string or object argument')
}

/** The new collection takes the old one's place, indexes kept, once it is whole. */
function replaceCollection(call: Call<unknown>, into: unknown, documents: readonly Buffer[]): void {
  const { store } = call
  const target = targetOf(call, into)
  const name = `${target.database}.${target.name}`
  const before = store.catalog.get(name)
  if (before?.view !== undefined)
    throw new MongoError(166, `Namespace ${name} is a view, not a collection`)
  const temporary = `${target.database}.tmp.agg_out.${new ObjectId().toHexString()}`
  const collection = store.catalog.create(temporary, before?.options)
  try {
    for (const { spec } of before?.indexes.filter((index) => index.name !== '_id_') ?? [])
      collection.indexes.push(store.catalog.indexFrom(spec))
    for (const raw of documents) insertOne(store, collection, { raw, bypass: false })
  } catch (error) {
    store.catalog.drop(collection)
    throw error
  }
  if (before !== undefined) store.catalog.drop(before)
  store.catalog.rename(collection, name)
}

interface Merge {
  readonly call: Call<unknown>
  readonly collection: Collection
  readonly on: readonly string[]
  readonly whenMatched: unknown
  readonly whenNotMatched: unknown
  readonly variables: unknown
}

function mergeInto(call: Call<unknown>, stage: unknown, documents: readonly Buffer[]): void {
  const spec: Document = isPlainObject(stage) ? stage : { into: stage }
  const target = targetOf(call, spec['into'])
  const collection = writable(call.store, `${target.database}.${target.name}`)
  const on = [spec['on'] ?? '_id'].flat().map(String)
  checkUnique(collection, on)
  const { whenMatched = 'merge', whenNotMatched = 'insert', let: variables } = spec
  const merge = { call, collection, on, whenMatched, whenNotMatched, variables }
  for (const raw of documents) mergeOne(merge, raw)
}

/** Only a unique index tells for sure which document is meant. */
function checkUnique({ indexes }: Collection, on: readonly string[]): void {
  const wanted = on.toSorted().join()
  const isUnique = indexes.some(({ unique, partial, fields }) => {
    return (
      unique &&
      partial === undefined &&
      fields
        .map(({ path }) => path)
        .toSorted()
        .join() === wanted
    )
  })
  if (!isUnique)
    throw new MongoError(51183, 'Cannot find index to verify that join fields will be unique')
}

function mergeOne(merge: Merge, raw: Buffer): void {
  const { call, collection, whenMatched, whenNotMatched } = merge
  const incoming = withId(decode(raw))
  const [row] = findTarget(merge, incoming)
  if (row === undefined) {
    if (whenNotMatched === 'insert')
      insertOne(call.store, collection, { raw: encode(incoming), bypass: false })
    else if (whenNotMatched === 'fail')
      throw new MongoError(
        13113,
        '$merge could not find a matching document in the target collection for at least one document in the source collection',
      )
    return
  }
  if (whenMatched === 'fail') throw duplicateOf(collection, raw)
  if (whenMatched === 'keepExisting') return
  const after = encode(combine(merge, decode(row.raw), incoming))
  if (!after.equals(row.raw)) call.store.records.update(collection, row, after)
}

function withId(document: Document): Document {
  return document['_id'] === undefined ? { _id: new ObjectId(), ...document } : document
}

function findTarget(
  { call, collection, on }: Merge,
  incoming: Document,
): { id: number; raw: Buffer }[] {
  const filter = Object.fromEntries(on.map((path) => [path, { $eq: valueAt(incoming, path) }]))
  return [...read(call.store.environment, collection, { filter, limit: 1 })].filter(
    (row) => row !== undefined,
  )
}

function valueAt(document: Document, path: string): unknown {
  let value: unknown = document
  for (const part of path.split('.')) value = isPlainObject(value) ? value[part] : undefined
  return value ?? null
}

function duplicateOf(collection: Collection, raw: Buffer): MongoError {
  const [index] = collection.indexes
  return index === undefined
    ? new MongoError(11000, `duplicate in ${namespaceOf(collection)}`)
    : duplicateKey(collection, index, raw)
}

function combine(
  { call, whenMatched, variables }: Merge,
  existing: Document,
  incoming: Document,
): Document {
  const { _id } = existing
  if (whenMatched === 'replace') return { ...incoming, _id }
  if (!Array.isArray(whenMatched)) return { ...existing, ...incoming, _id }
  const given = { ...call.variables, ...(isPlainObject(variables) ? variables : {}), new: incoming }
  const update = compileUpdate(whenMatched, { variables: given, now: call.now })
  return decode(update.apply(encode(existing)))
}
