import { ObjectId, type Document } from 'bson'
import { ARRAY, encode, REGEX, UNDEFINED, valueSize } from '../bson/raw.js'
import { MongoError } from '../errors.js'
import type { Collection } from '../storage/catalog.js'
import type { Store } from '../store.js'
import { command, targetNamespace, type Call, type Command } from './command.js'
import { MAX_DOCUMENT_BYTES } from './handshake.js'
import type { Arguments } from './schema.js'
import { rawDocumentsOf } from './statements.js'
import { validate } from './validation.js'
import { runStatements } from './write-errors.js'

const INSERT = {
  documents: 'any',
  ordered: 'boolean',
  bypassDocumentValidation: 'boolean',
} as const

function insert({ store, request, args }: Call<Arguments<typeof INSERT>>): Document {
  const documents = rawDocumentsOf(request, 'documents')
  const collection = writable(store, targetNamespace(request))
  const { ordered = true, bypassDocumentValidation: bypass = false } = args
  const { done, errors } = runStatements(documents, ordered, (raw) => {
    insertOne(store, collection, { raw, bypass })
  })
  return { n: done.length, ...errors, ok: 1 }
}

/** The collection to write to, made when there is none; views are read-only. */
export function writable(store: Store, name: string): Collection {
  const collection = store.ensure(name)
  if (collection.view !== undefined)
    throw new MongoError(166, `Namespace ${name} is a view, not a collection`)
  return collection
}

/** Writes one document, with an `_id` in the first place. */
export function insertOne(
  store: Store,
  collection: Collection,
  { raw, bypass }: { raw: Buffer; bypass: boolean },
): Buffer {
  const document = withId(raw)
  checkSize(document)
  if (!bypass) validate(collection, document)
  store.records.insert(collection, document)
  return document
}

/** Refuses a document that no client could read again. */
export function checkSize(document: Buffer): void {
  if (document.length > MAX_DOCUMENT_BYTES)
    throw new MongoError(
      10334,
      `BSONObj size: ${String(document.length)} (0x${document.length.toString(16)}) is invalid. Size must be between 0 and ${String(MAX_DOCUMENT_BYTES)}(16MB)`,
    )
}

const ID = Buffer.from('_id\0')

/** The document with its `_id` first; one is made when there is none. */
function withId(raw: Buffer): Buffer {
  const at = idOffset(raw)
  if (at === undefined)
    return prepend(encode({ _id: new ObjectId() }).subarray(4, -1), raw.subarray(4))
  const type = raw[at] ?? 0
  const offset = at + 1 + ID.length
  checkId(raw, type, offset)
  if (at === 4) return raw
  const end = offset + valueSize(raw, type, offset)
  return prepend(raw.subarray(at, end), Buffer.concat([raw.subarray(4, at), raw.subarray(end)]))
}

function idOffset(raw: Buffer): number | undefined {
  for (let at = 4; raw[at] !== 0;) {
    const nameEnd = raw.indexOf(0, at + 1)
    if (raw.compare(ID, 0, ID.length, at + 1, nameEnd + 1) === 0) return at
    at = nameEnd + 1 + valueSize(raw, raw[at] ?? 0, nameEnd + 1)
  }
  return undefined
}

function prepend(element: Buffer, rest: Buffer): Buffer {
  const length = Buffer.allocUnsafe(4)
  length.writeInt32LE(4 + element.length + rest.length)
  return Buffer.concat([length, element, rest])
}

/** Values that could not be found again by equality are no ids. */
function checkId(raw: Buffer, type: number, offset: number): void {
  const kind = { [ARRAY]: 'array', [REGEX]: 'regex', [UNDEFINED]: 'undefined' }[type]
  if (kind !== undefined) throw new MongoError(53, `The '_id' value cannot be of type ${kind}`)
  const isOperator = type === 3 && raw[offset + 4] !== 0 && raw[offset + 5] === 0x24
  if (isOperator) throw new MongoError(52, `_id fields may not contain '$'-prefixed fields`)
}

/** Storing new documents. */
export const insertCommands: readonly Command[] = [
  command('insert', { shape: INSERT, writes: true, run: insert }),
]
