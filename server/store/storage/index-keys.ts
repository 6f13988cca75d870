import { createHash } from 'node:crypto'
import type { Document } from 'bson'
import type { Collator } from '../bson/compare.js'
import { pathOf, type Path } from '../bson/tuples.js'
import { numeric } from '../commands/schema.js'
import { MAX_KEY_BYTES } from './environment.js'

/** Bytes of a key that are stored as they are when the key is too long. */
export const PLAIN_KEY_BYTES = MAX_KEY_BYTES - 32
const RECORD_ID_BYTES = 6

/** What a key pattern says instead of a direction. */
export const HASHED = 'hashed'
/** Bytes that are kept of a value's hash. */
const HASH_BYTES = 8

/** One field of an index's key pattern. */
export interface IndexField extends Path {
  readonly descending: boolean
  /** Keys hold a hash of the value, which tells nothing but equality. */
  readonly hashed: boolean
}

/** An index as the process keeps it in memory. */
export interface Index {
  readonly id: number
  /** As `listIndexes` shows it. */
  spec: Document
  readonly name: string
  readonly fields: readonly IndexField[]
  readonly directions: readonly (1 | -1)[]
  readonly unique: boolean
  readonly sparse: boolean
  readonly partial: Document | undefined
  /** Whether a document belongs to a partial index. */
  readonly includes: ((raw: Buffer) => boolean) | undefined
  /** How a collation of its own compares strings. */
  readonly collator: Collator | undefined
  /** Whether reads may rely on its order: not hidden, no collation of its own. */
  usable: boolean
  /** By field: some document has several values there. */
  readonly multikey: boolean[]
  /** Some key was too long, so equal beginnings say nothing about order. */
  truncated: boolean
}

/** The fields of a key pattern, in its order. */
export function fieldsOf(key: Document): IndexField[] {
  return Object.entries(key).map(([path, direction]) => {
    return {
      ...pathOf(path),
      descending: numeric(direction) < 0,
      hashed: direction === HASHED,
    }
  })
}

/** What a hashed field holds for the key of a value. */
export function hashedKey(key: Buffer): Buffer {
  return createHash('sha256').update(key).digest().subarray(0, HASH_BYTES)
}

/** Where a record lies in the data table. */
export function recordKey(collection: number, record: number): Buffer {
  const key = Buffer.allocUnsafe(4 + RECORD_ID_BYTES)
  key.writeUInt32BE(collection, 0)
  key.writeUIntBE(record, 4, RECORD_ID_BYTES)
  return key
}

/** A record id as the value of an index entry. */
export function recordIdBytes(record: number): Buffer {
  const bytes = Buffer.allocUnsafe(RECORD_ID_BYTES)
  bytes.writeUIntBE(record, 0, RECORD_ID_BYTES)
  return bytes
}

/** The record id at the end of a data key, or in an index entry. */
export function recordIdOf(bytes: Buffer): number {
  return bytes.readUIntBE(bytes.length - RECORD_ID_BYTES, RECORD_ID_BYTES)
}

/** The key under which a unique index stores this one: itself, or its beginning and a hash. */
export function storedKey(key: Buffer): Buffer {
  if (key.length <= MAX_KEY_BYTES) return key
  const digest = createHash('sha256').update(key).digest()
  return Buffer.concat([key.subarray(0, PLAIN_KEY_BYTES), digest])
}
