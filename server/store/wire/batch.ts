import type { Document } from 'bson'
import { encode } from '../bson/raw.js'

const NAMES_OF_BATCHES = {
  firstBatch: Buffer.from('firstBatch\0'),
  nextBatch: Buffer.from('nextBatch\0'),
}
const NOTHING = Buffer.alloc(0)
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
export function batchReply(batch: Batch, fields: Buffer = NOTHING): Buffer {
  const namespace = Buffer.from(`${batch.namespace}\0`)
  const name = NAMES_OF_BATCHES[batch.name]
  let array = 5
  for (const [at, document] of batch.documents.entries())
    array += arrayName(at).length + document.length
  const cursor =
    4 + 1 + name.length + array + 1 + ID.length + 8 + 1 + NS.length + 4 + namespace.length + 1
  const total = 4 + 1 + CURSOR.length + cursor + fields.length + OK.length
  const reply = new Reply(total)
  reply.int32(total)
  reply.head(3, CURSOR)
  reply.int32(cursor)
  reply.head(4, name)
  reply.int32(array)
  for (const [at, document] of batch.documents.entries()) {
    reply.bytes(arrayName(at))
    reply.bytes(document)
  }
  reply.byte(0)
  reply.head(18, ID)
  reply.int64(batch.cursorId)
  reply.head(2, NS)
  reply.int32(namespace.length)
  reply.bytes(namespace)
  reply.byte(0)
  reply.bytes(fields)
  reply.bytes(OK)
  return reply.buffer
}

/** The reply with more fields behind those it has. */
export function withFields(reply: Buffer, fields: Document): Buffer {
  const more = encode(fields).subarray(4)
  const all = Buffer.concat([reply.subarray(0, -1), more])
  all.writeInt32LE(all.length)
  return all
}

/** A reply being written, its length known beforehand. */
class Reply {
  readonly buffer: Buffer
  #at = 0

  constructor(length: number) {
    this.buffer = Buffer.allocUnsafe(length)
  }

  byte(value: number): void {
    this.#at = this.buffer.writeUInt8(value, this.#at)
  }

  int32(value: number): void {
    this.#at = this.buffer.writeInt32LE(value, this.#at)
  }

  int64(value: bigint): void {
    this.#at = this.buffer.writeBigInt64LE(value, this.#at)
  }

  bytes(value: Buffer): void {
    this.#at += value.copy(this.buffer, this.#at)
  }

  /** Type and name of an element. */
  head(type: number, name: Buffer): void {
    this.byte(type)
    this.bytes(name)
  }
}
