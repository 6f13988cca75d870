import { MongoError } from '../errors.js'
import {
  ARRAY,
  arrayElements,
  findElement,
  OBJECT,
  rawField,
  UNDEFINED,
  type RawValue,
} from './raw.js'

/** A dotted path, taken apart once. */
export interface Path {
  readonly path: string
  readonly parts: readonly string[]
  readonly names: readonly Buffer[]
}

/** Takes a dotted path apart. */
export function pathOf(path: string): Path {
  const parts = path.split('.')
  return { path, parts, names: parts.map((part) => Buffer.from(part)) }
}

/** The values at several paths together; `undefined` where the document has nothing. */
export type Tuple = readonly (RawValue | undefined)[]

/** Called where two paths lead through different arrays, whose elements have no order together. */
export type Parallel = (paths: readonly [Path, Path]) => Error

/** What one document has at several paths. */
export interface Tuples {
  readonly tuples: readonly Tuple[]
  /** By path: the document has an array there. */
  readonly multikey: readonly boolean[]
}

/** What an array without elements has in place of one. */
const EMPTY: RawValue = { buffer: Buffer.alloc(0), type: UNDEFINED, offset: 0 }
const NO_ARRAYS: readonly boolean[] = []

/** The values at several paths: one tuple, or one for each element of the array on the way. */
export function tuplesOf(paths: readonly Path[], document: Buffer, parallel: Parallel): Tuples {
  const plain = plainTuple(paths, document)
  if (plain !== undefined) return { tuples: [plain], multikey: NO_ARRAYS }
  const expansion = new Expansion(paths, parallel)
  const value: RawValue = { buffer: document, type: OBJECT, offset: 0 }
  expansion.walk(paths.map(() => ({ value, at: 0, isElement: false })))
  return expansion
}

/** The tuple of a document without arrays on these paths, which most have not. */
function plainTuple(paths: readonly Path[], document: Buffer): Tuple | undefined {
  const tuple: (RawValue | undefined)[] = []
  for (const { names } of paths) {
    const value = plainValue(names, document)
    if (value?.type === ARRAY) return undefined
    tuple.push(value)
  }
  return tuple
}

/** The value at a path that leads through objects only; where an array comes first, the array. */
export function plainValue(
  names: readonly Buffer[],
  document: Buffer,
  start = 0,
): RawValue | undefined {
  let type = OBJECT
  let offset = start
  for (const name of names) {
    if (type === ARRAY) break
    const at = type === OBJECT ? findElement(document, offset, name) : -1
    if (at < 0) return undefined
    type = document[at] ?? 0
    offset = at + name.length + 2
  }
  return { buffer: document, type, offset }
}

/** How far the way to one value has been walked: what was reached, and which part comes next. */
interface Walk {
  readonly value: RawValue | undefined
  readonly at: number
  /** An element of an array is a value of its own, even when it is an array again. */
  readonly isElement: boolean
}

class Expansion implements Tuples {
  readonly tuples: Tuple[] = []
  readonly multikey: boolean[]
  readonly #paths: readonly Path[]
  readonly #parallel: Parallel

  constructor(paths: readonly Path[], parallel: Parallel) {
    this.#paths = paths
    this.#parallel = parallel
    this.multikey = paths.map(() => false)
  }

  /** Goes on until each path has a value, once for each element of the array on the way. */
  walk(walks: readonly Walk[]): void {
    const reached = walks.map((walk, at) => advance(walk, this.#paths[at]?.parts ?? []))
    const arrays = reached.map(({ value, isElement }) => {
      return value?.type === ARRAY && !isElement ? value : undefined
    })
    const array = arrays.find((found) => found !== undefined)
    if (array === undefined) {
      this.tuples.push(reached.map(({ value }) => value))
      return
    }
    this.#checkParallel(arrays, array)
    for (const [at, found] of arrays.entries()) if (found !== undefined) this.multikey[at] = true
    const elements = [...arrayElements(array.buffer, array.offset)]
    for (const element of elements.length === 0 ? [EMPTY] : elements)
      this.walk(
        reached.map((walk, at) =>
          arrays[at] === undefined ? walk : this.#enter(walk, { at, element }),
        ),
      )
  }

  #checkParallel(arrays: readonly (RawValue | undefined)[], first: RawValue): void {
    const other = arrays.findIndex((found) => found !== undefined && found.offset !== first.offset)
    const [one, two] = [this.#paths[other], this.#paths[arrays.indexOf(first)]]
    if (one !== undefined && two !== undefined) throw this.#parallel([one, two])
  }

  #enter({ at: part }: Walk, { at, element }: { at: number; element: RawValue }): Walk {
    const leadsOn = part >= (this.#paths[at]?.parts.length ?? 0) || element.type === OBJECT
    return { value: leadsOn ? element : undefined, at: part, isElement: true }
  }
}

/** Follows a path through objects, up to its end or an array. */
function advance({ value, at, isElement }: Walk, parts: readonly string[]): Walk {
  const part = parts[at]
  if (value === undefined || part === undefined) return { value, at: parts.length, isElement }
  if (value.type === OBJECT) {
    const next = rawField(value.buffer, value.offset, part)
    return advance({ value: next, at: at + 1, isElement: false }, parts)
  }
  if (value.type !== ARRAY) return { value: undefined, at: parts.length, isElement: false }
  const element = elementAt(value, part)
  if (element === undefined) return { value, at, isElement: false }
  return advance({ value: element, at: at + 1, isElement: false }, parts)
}

/** The element that a number means, unless the number is also the name of a field in the array. */
function elementAt(array: RawValue, part: string): RawValue | undefined {
  if (!/^(?:0|[1-9]\d*)$/.test(part)) return undefined
  const elements = [...arrayElements(array.buffer, array.offset)]
  const element = elements[Number(part)]
  if (element === undefined) return undefined
  const isName = elements.some(({ type, buffer, offset }) => {
    return type === OBJECT && rawField(buffer, offset, part) !== undefined
  })
  if (!isName) return element
  throw new MongoError(
    16746,
    `Ambiguous field name found in array (do not use numeric field names in embedded elements in an array), field: '${part}'`,
  )
}
