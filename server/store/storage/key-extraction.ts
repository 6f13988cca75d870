import { encodeRawKey } from '../bson/key-codec.js'
import { arrayElements, ARRAY, OBJECT, UNDEFINED, rawField, type RawValue } from '../bson/raw.js'
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

/** How far the way to one field has been walked: what was reached, and the parts still to go. */
interface Walk {
  /** Missing when the document has nothing there. */
  readonly value: RawValue | undefined
  readonly rest: readonly string[]
  /** An element of an array is a value of its own, even when it is an array again. */
  readonly isElement: boolean
}

/** What an array without elements has in place of one. */
const EMPTY: RawValue = { buffer: Buffer.alloc(0), type: UNDEFINED, offset: 0 }

const NOTHING: DocumentKeys = { keys: [], multikey: [], truncated: false }

/** The keys under which an index knows a document; none when the index leaves it out. */
export function keysOf(index: Index, document: Buffer): DocumentKeys {
  if (index.includes !== undefined && !index.includes(document)) return NOTHING
  const extraction = new Extraction(index)
  const root: RawValue = { buffer: document, type: OBJECT, offset: 0 }
  extraction.walk(index.fields.map(({ parts }) => ({ value: root, rest: parts, isElement: false })))
  return extraction.result()
}

class Extraction {
  readonly #index: Index
  readonly #multikey: boolean[]
  readonly #found = new Map<string, Buffer>()
  readonly #directions: (1 | -1)[]
  #truncated = false

  constructor(index: Index) {
    this.#index = index
    this.#multikey = index.fields.map(() => false)
    this.#directions = index.fields.map(({ descending }) => (descending ? -1 : 1))
  }

  result(): DocumentKeys {
    return {
      keys: [...this.#found.values()],
      multikey: this.#multikey,
      truncated: this.#truncated,
    }
  }

  /** Goes on until each field has a value, once for each element of the array on the way. */
  walk(walks: readonly Walk[]): void {
    const reached = walks.map((walk) => advance(walk))
    const arrays = reached.map(({ value, isElement }) => {
      return value?.type === ARRAY && !isElement ? value : undefined
    })
    const array = arrays.find((found) => found !== undefined)
    if (array === undefined) {
      this.#add(reached.map(({ value }) => value))
      return
    }
    this.#checkParallel(arrays, array)
    for (const [at, found] of arrays.entries()) if (found !== undefined) this.#multikey[at] = true
    const elements = [...arrayElements(array.buffer, array.offset)]
    const each = elements.length === 0 ? [EMPTY] : elements
    for (const element of each)
      this.walk(reached.map((walk, at) => (arrays[at] === undefined ? walk : enter(walk, element))))
  }

  #checkParallel(arrays: readonly (RawValue | undefined)[], first: RawValue): void {
    const other = arrays.findIndex((found) => found !== undefined && found.offset !== first.offset)
    if (other < 0) return
    const paths = [other, arrays.indexOf(first)].map((at) => this.#index.fields[at]?.parts.at(-1))
    throw new MongoError(
      171,
      `cannot index parallel arrays [${String(paths[0])}] [${String(paths[1])}]`,
    )
  }

  #add(values: readonly (RawValue | undefined)[]): void {
    if (this.#index.sparse && values.every((value) => value === undefined)) return
    const key = Buffer.concat([idPrefix(this.#index.id), encodeRawKey(values, this.#directions)])
    if (key.length > MAX_KEY_BYTES) this.#truncated = true
    const stored = storedKey(key)
    this.#found.set(stored.toString('latin1'), stored)
  }
}

/** Follows a path through objects, up to its end or an array. */
function advance({ value, rest, isElement }: Walk): Walk {
  if (value === undefined || rest.length === 0) return { value, rest: [], isElement }
  const [part = '', ...after] = rest
  if (value.type === OBJECT) {
    const next = rawField(value.buffer, value.offset, part)
    return advance({ value: next, rest: after, isElement: false })
  }
  if (value.type !== ARRAY) return { value: undefined, rest: [], isElement: false }
  if (!/^\d+$/.test(part)) return { value, rest, isElement: false }
  const at = [...arrayElements(value.buffer, value.offset)][Number(part)]
  return advance({ value: at, rest: after, isElement: false })
}

function enter({ rest }: Walk, element: RawValue): Walk {
  const leadsOn = rest.length === 0 || element.type === OBJECT
  return { value: leadsOn ? element : undefined, rest, isElement: true }
}
