import { encodeRawKey } from '../bson/key-codec.js'
import { tuplesOf, type Path, type Tuple } from '../bson/tuples.js'
import { MongoError } from '../errors.js'
import { storedKey, type Index } from './index-keys.js'
import { idPrefix, MAX_KEY_BYTES } from './environment.js'

/** The keys of one document in one index, and what they tell of the index. */
export interface DocumentKeys {
  readonly keys: readonly Buffer[]
  /** By field: the document has an array there. */
  readonly multikey: readonly boolean[]
  readonly truncated: boolean
}

const NOTHING: DocumentKeys = { keys: [], multikey: [], truncated: false }

/** The keys under which an index knows a document; none when the index leaves it out. */
export function keysOf(index: Index, document: Buffer): DocumentKeys {
  if (index.includes !== undefined && !index.includes(document)) return NOTHING
  const { tuples, multikey } = tuplesOf(index.fields, document, parallelArrays)
  const kept = index.sparse ? tuples.filter(hasValue) : tuples
  const long = kept.map((tuple) => keyOf(index, tuple))
  const truncated = long.some((key) => key.length > MAX_KEY_BYTES)
  const keys = long.map(storedKey)
  return { keys: keys.length > 1 ? distinct(keys) : keys, multikey, truncated }
}

function keyOf({ id, directions }: Index, tuple: Tuple): Buffer {
  return Buffer.concat([idPrefix(id), encodeRawKey(tuple, directions)])
}

function hasValue(tuple: Tuple): boolean {
  return tuple.some((value) => value !== undefined)
}

function distinct(keys: readonly Buffer[]): Buffer[] {
  return [...new Map(keys.map((key) => [key.toString('latin1'), key])).values()]
}

function parallelArrays([one, two]: readonly [Path, Path]): MongoError {
  const names = [one, two].map(({ parts }) => `[${parts.at(-1) ?? ''}]`)
  return new MongoError(171, `cannot index parallel arrays ${names.join(' ')}`)
}
