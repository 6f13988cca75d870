import { decodeValue, NULL, type RawValue } from '../bson/raw.js'
import { MongoError } from '../errors.js'
import { ArrayNode, ObjectNode, opened, rawOf, type Node } from './tree.js'

/** What paths with `$`, `$[]` and `$[name]` mean in one document. */
export interface Places {
  /** The element that the query matched, for `$`. */
  readonly position: number | undefined
  /** Whether an element is meant by `$[name]`. */
  readonly includes: (name: string, element: RawValue) => boolean
}

/** One place in a document: a field of an object or an element of an array. */
export class Place {
  readonly #parent: ObjectNode | ArrayNode
  readonly #key: string

  constructor(parent: ObjectNode | ArrayNode, key: string) {
    this.#parent = parent
    this.#key = key
  }

  get isElement(): boolean {
    return this.#parent instanceof ArrayNode
  }

  get(): Node | undefined {
    return this.#parent instanceof ArrayNode
      ? this.#parent.elements[Number(this.#key)]
      : this.#parent.get(this.#key)
  }

  /** Puts a value here; an array is filled up with `null` to reach the place. */
  set(value: Node): void {
    if (this.#parent instanceof ObjectNode) {
      this.#parent.set(this.#key, value)
      return
    }
    const { elements } = this.#parent
    const index = Number(this.#key)
    if (index > elements.length + MOST_FILLED)
      throw new MongoError(2, `can't backfill more than ${String(MOST_FILLED)} array elements`)
    while (elements.length < index) elements.push(NOTHING)
    elements[index] = value
  }

  /** Takes the field away; an element becomes `null`, so that the others keep their places. */
  unset(): void {
    if (this.#parent instanceof ObjectNode) this.#parent.delete(this.#key)
    else this.set(NOTHING)
  }
}

const MOST_FILLED = 1_500_000
const NOTHING: RawValue = { buffer: Buffer.alloc(0), type: NULL, offset: 0 }

/** A path through a document that is changed, and how its parts are understood. */
export interface Way {
  readonly parts: readonly string[]
  /** Whether what is missing on the way is made. */
  readonly creates: boolean
  readonly places: Places
}

/** Calls back for each place that a path means. */
export function eachPlace(root: ObjectNode, way: Way, visit: (place: Place) => void): void {
  visitFrom(root, 0, { ...way, visit })
}

interface Visit extends Way {
  readonly visit: (place: Place) => void
}

function visitFrom(parent: ObjectNode | ArrayNode, at: number, visit: Visit): void {
  const part = visit.parts[at] ?? ''
  if (!isDynamic(part)) {
    visitKey(parent, part, { at, visit })
    return
  }
  if (!(parent instanceof ArrayNode)) throw nonArray(visit.parts, at, parent)
  for (const index of meant(parent, part, visit)) visitKey(parent, String(index), { at, visit })
}

/** Tells `$`, `$[]` and `$[name]` from names. */
export function isDynamic(part: string): boolean {
  return part === '$' || (part.startsWith('$[') && part.endsWith(']'))
}

function meant(array: ArrayNode, part: string, { places }: Visit): number[] {
  if (part === '$') {
    if (places.position !== undefined) return [places.position]
    throw new MongoError(2, 'The positional operator did not find the match needed from the query.')
  }
  const name = part.slice(2, -1)
  const indexes = [...array.original.keys()]
  if (name === '') return indexes
  return indexes.filter((index) => {
    const element = array.original[index]
    return element !== undefined && places.includes(name, element)
  })
}

function visitKey(
  parent: ObjectNode | ArrayNode,
  key: string,
  { at, visit }: { at: number; visit: Visit },
): void {
  const isIndex = /^(?:0|[1-9]\d*)$/.test(key)
  if (parent instanceof ArrayNode && !isIndex) {
    if (!visit.creates) return
    throw notViable(visit.parts, at, parent)
  }
  const place = new Place(parent, key)
  const found = place.get()
  const isLast = at === visit.parts.length - 1
  if (isLast) {
    if (found !== undefined || visit.creates) visit.visit(place)
    return
  }
  const inner = step(place, found, { at, visit })
  if (inner === undefined) return
  visitFrom(inner, at + 1, visit)
}

/** Opens what is at a place on the way, or makes it. */
function step(
  place: Place,
  found: Node | undefined,
  { at, visit }: { at: number; visit: Visit },
): ObjectNode | ArrayNode | undefined {
  const next = visit.parts[at + 1] ?? ''
  if (found === undefined && isDynamic(next)) throw mustExist(visit.parts, at)
  if (found === undefined && !visit.creates) return undefined
  const inner = found === undefined ? new ObjectNode() : opened(found)
  if (inner === undefined) {
    if (isDynamic(next)) throw nonArray(visit.parts, at + 1, found)
    if (visit.creates) throw notViable(visit.parts, at + 1, found)
    return undefined
  }
  if (inner !== found) place.set(inner)
  return inner
}

function mustExist(parts: readonly string[], at: number): MongoError {
  const path = parts.slice(0, at + 1).join('.')
  return new MongoError(
    2,
    `The path '${path}' must exist in the document in order to apply array updates.`,
  )
}

function nonArray(parts: readonly string[], at: number, found: Node | undefined): MongoError {
  const path = parts[at - 1] ?? ''
  return new MongoError(
    2,
    `Cannot apply array updates to non-array element ${path}: ${shown(found)}`,
  )
}

function notViable(parts: readonly string[], at: number, found: Node | undefined): MongoError {
  const field = parts[at] ?? ''
  return new MongoError(
    28,
    `Cannot create field '${field}' in element {${parts[at - 1] ?? ''}: ${shown(found)}}`,
  )
}

function shown(node: Node | undefined): string {
  return node === undefined ? '' : JSON.stringify(decodeValue(rawOf(node)))
}
