const CURSOR = Buffer.from('cursor\0')
const ID = Buffer.from('id\0')
const NS = Buffer.from('ns\0')
const OK = Buffer.from('\x01ok\0\0\0\0\0\0\0\xf0\x3f\0', 'latin1')

/** One batch of a cursor, its documents as they are stored. */
export interface Batch {
  readonly name: 'firstBatch' | 'nextBatch'
  readonly documents: readonly Buffer[]
  /** Zero when there is nothing more. */
  readonly cursorId: bigint
  readonly namespace: string
}

/** Type and name of an array's first elements, made once. */
const NAMES = Array.from({ length: 1000 }, (_, at) => Buffer.from(`\x03${String(at)}\0`))

function arrayName(at: number): Buffer {
  return NAMES[at] ?? Buffer.from(`\x03${String(at)}\0`)
}

/**
 * Encodes `{ cursor: { firstBatch: […], id, ns }, …fields, ok: 1 }` without decoding a document;
 * `fields` are raw elements that follow the cursor.
 */
export function batchReply(batch: Batch, fields: Buffer = Buffer.alloc(0)): Buffer {
  const namespace = Buffer.from(`${batch.namespace}\0`)
  const name = Buffer.from(`${batch.name}\0`)
  let array = 5
  for (const [at, document] of batch.documents.entries())
    array += arrayName(at).length + document.length
  const cursor =
    4 + 1 + name.length + array + 1 + ID.length + 8 + 1 + NS.length + 4 + namespace.length + 1
  const total = 4 + 1 + CURSOR.length + cursor + fields.length + OK.length
  const reply = Buffer.allocUnsafe(total)
  let at = reply.writeInt32LE(total, 0)
  at = put(reply, at, 3, CURSOR)
  at = reply.writeInt32LE(cursor, at)
  at = put(reply, at, 4, name)
  at = putArray(reply, at, batch.documents, array)
  at = put(reply, at, 18, ID)
  at = reply.writeBigInt64LE(batch.cursorId, at)
  at = put(reply, at, 2, NS)
  at = reply.writeInt32LE(namespace.length, at)
  at += namespace.copy(reply, at)
  at = reply.writeUInt8(0, at)
  at += fields.copy(reply, at)
  OK.copy(reply, at)
  return reply
}

function put(into: Buffer, at: number, type: number, name: Buffer): number {
  into[at] = type
  return at + 1 + name.copy(into, at + 1)
}

function putArray(into: Buffer, start: number, documents: readonly Buffer[], size: number): number {
  let at = into.writeInt32LE(size, start)
  for (const [position, document] of documents.entries()) {
    at += arrayName(position).copy(into, at)
    at += document.copy(into, at)
  }
  return into.writeUInt8(0, at)
}
