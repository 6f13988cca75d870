import type { Document } from 'bson'
import {
  ARRAY,
  arrayElements,
  decode,
  encode,
  OBJECT,
  valueOffset,
  valueSize,
  type RawValue,
} from '../bson/raw.js'
import { DocumentWriter } from '../bson/writer.js'
import { isPlainObject } from '../commands/schema.js'
import { MongoError } from '../errors.js'
import { compilePlaceFinder, type FilterOptions } from './match.js'
import { parseProjection, type Leaf, type ProjectionSpec, type Tree } from './projection-spec.js'

/** What a projection is compiled with beside itself. */
export interface ProjectionOptions extends FilterOptions {
  /** The query, which finds the element that a positional projection shows. */
  readonly filter?: Document | undefined
}

const writer = new DocumentWriter()

/** Compiles a projection of stored documents; undefined when it would leave all as it is. */
export function compileProjection(
  projection: Document | undefined,
  options: ProjectionOptions = {},
): ((raw: Buffer) => Buffer) | undefined {
  if (projection === undefined || Object.keys(projection).length === 0) return undefined
  const spec = parseProjection(projection, options)
  const place = spec.isPositional ? compilePlaceFinder(options.filter ?? {}, options) : undefined
  return (raw) => {
    const cut = new Cut(spec, place === undefined ? -1 : placeIn(place(raw)))
    const found = cut.document(raw)
    return spec.isComputed ? withComputed(found, spec.tree, raw) : found
  }
}

function placeIn(index: number | undefined): number {
  if (index !== undefined) return index
  throw new MongoError(
    51246,
    "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
  )
}

/** Writes what stays of one document. */
class Cut {
  readonly #tree: Tree
  readonly #isInclusion: boolean
  readonly #place: number

  constructor({ tree, isInclusion }: ProjectionSpec, place: number) {
    this.#tree = tree
    this.#isInclusion = isInclusion
    this.#place = place
  }

  document(raw: Buffer): Buffer {
    const matched: [string, RawValue][] = []
    writer.begin()
    this.#fields(raw, 0, (name, value) => this.#top(name, value, matched))
    for (const [name, value] of matched) this.#matchedElement(name, value)
    writer.end()
    return writer.bytes()
  }

  /** Fields cut to one matching element come after all others. */
  #top(name: string, value: RawValue, matched: [string, RawValue][]): boolean {
    const node = this.#tree.get(name)
    if (node instanceof Map || node?.kind !== 'element') return this.#field(name, value, node)
    if (value.type === ARRAY) matched.push([name, value])
    return false
  }

  /** Goes through the fields of a document and copies those that stay whole. */
  #fields(
    buffer: Buffer,
    start: number,
    staysWhole: (name: string, value: RawValue) => boolean,
  ): void {
    let at = start + 4
    for (let type = buffer[at] ?? 0; type !== 0; type = buffer[at] ?? 0) {
      const offset = valueOffset(buffer, at)
      const end = offset + valueSize(buffer, type, offset)
      const name = buffer.toString('utf8', at + 1, offset - 1)
      if (staysWhole(name, { buffer, type, offset })) writer.copy(buffer, at, end)
      at = end
    }
  }

  /** Whether the field stays whole; writes it when it stays in part. */
  #field(name: string, value: RawValue, node: Leaf | Tree | undefined): boolean {
    if (node === undefined) return !this.#isInclusion
    if (node instanceof Map) return this.#nested(name, value, node)
    switch (node.kind) {
      case 'include':
        return true
      case 'slice':
        if (value.type !== ARRAY) return true
        writeArray(name, sliced(value, node.skip, node.limit))
        return false
      case 'positional':
        if (value.type !== ARRAY) return true
        writeArray(
          name,
          [...arrayElements(value.buffer, value.offset)].slice(this.#place).slice(0, 1),
        )
        return false
      default:
        return false
    }
  }

  #nested(name: string, value: RawValue, tree: Tree): boolean {
    const { buffer, type, offset } = value
    if (type !== OBJECT && type !== ARRAY) return !this.#isInclusion
    writer.beginField(name, type)
    if (type === OBJECT)
      this.#fields(buffer, offset, (key, inner) => this.#field(key, inner, tree.get(key)))
    else this.#elements(value, tree)
    writer.end()
    return false
  }

  /** Elements that are no documents have no fields: they go with an inclusion, and stay otherwise. */
  #elements({ buffer, offset }: RawValue, tree: Tree): void {
    let index = 0
    for (const element of arrayElements(buffer, offset)) {
      const isNested = element.type === OBJECT || element.type === ARRAY
      if (!isNested && this.#isInclusion) continue
      if (isNested) this.#nested(String(index), element, tree)
      else writer.field(String(index), element)
      index += 1
    }
  }

  #matchedElement(name: string, value: RawValue): void {
    const node = this.#tree.get(name)
    if (node === undefined || node instanceof Map || node.kind !== 'element') return
    const elements = [...arrayElements(value.buffer, value.offset)]
    const found = elements.find((element) =>
      node.test(element.buffer, element.type, element.offset),
    )
    if (found !== undefined) writeArray(name, [found])
  }
}

function writeArray(name: string, elements: readonly RawValue[]): void {
  writer.beginField(name, ARRAY)
  for (const [at, element] of elements.entries()) writer.field(String(at), element)
  writer.end()
}

function sliced({ buffer, offset }: RawValue, skip: number, limit: number): RawValue[] {
  const elements = [...arrayElements(buffer, offset)]
  const from = skip < 0 ? Math.max(0, elements.length + skip) : skip
  return elements.slice(from, from + limit)
}

/** Adds what is calculated, where it was named. */
function withComputed(found: Buffer, tree: Tree, raw: Buffer): Buffer {
  return encode(addComputed(decode(found), tree, raw))
}

function addComputed(document: Document, tree: Tree, raw: Buffer): Document {
  for (const [name, node] of tree) {
    if (node instanceof Map) {
      if (hasComputed(node)) document[name] = addWithin(document[name], node, raw)
    } else if (node.kind === 'computed') {
      const value = node.evaluate(raw)
      if (value !== undefined) document[name] = value
    }
  }
  return document
}

function addWithin(value: unknown, tree: Tree, raw: Buffer): unknown {
  if (Array.isArray(value)) return value.map((element) => addWithin(element, tree, raw))
  return addComputed(isPlainObject(value) ? value : {}, tree, raw)
}

function hasComputed(tree: Tree): boolean {
  return [...tree.values()].some((node) => {
    return node instanceof Map ? hasComputed(node) : node.kind === 'computed'
  })
}
