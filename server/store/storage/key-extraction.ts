import { encodeRawKey } from '../bson/key-codec.js'
import { tuplesOf, type Path, type Tuple } from '../bson/tuples.js'
import { MongoError } from '../errors.js'
import { hashedKey, storedKey, type Index } from './index-keys.js'
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
  refuseHashedArrays(index, multikey)
  const long = keptOf(index, tuples).map((tuple) => keyOf(index, tuple))
  const truncated = long.some((key) => key.length > MAX_KEY_BYTES)
  const keys = long.map(storedKey)
  return { keys: keys.length > 1 ? distinct(keys) : keys, multikey, truncated }
}

/** The values of one document that an index knows it by, one tuple for each key. */
export function tuplesIn(index: Index, document: Buffer): readonly Tuple[] {
  if (index.includes !== undefined && !index.includes(document)) return []
  return keptOf(index, tuplesOf(index.fields, document, parallelArrays).tuples)
}

function keptOf({ sparse }: Index, tuples: readonly Tuple[]): readonly Tuple[] {
  return sparse ? tuples.filter(hasValue) : tuples
}

function keyOf({ id, directions, fields }: Index, tuple: Tuple): Buffer {
  if (!fields.some(({ hashed }) => hashed))
    return Buffer.concat([idPrefix(id), encodeRawKey(tuple, directions)])
  const parts = fields.map(({ hashed, descending }, at) => {
    const key = encodeRawKey([tuple[at]], [descending ? -1 : 1])
    return hashed ? hashedKey(key) : key
  })
  return Buffer.concat([idPrefix(id), ...parts])
}

/** An array has several values, of which a hash could not tell one. */
function refuseHashedArrays({ fields }: Index, multikey: readonly boolean[]): void {
  const found = fields.find(({ hashed }, at) => hashed && multikey[at] === true)
  if (found !== undefined)
    throw new MongoError(
      16766,
      `hashed indexes do not currently support array values. Found array at path: ${found.path}`,
    )
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
