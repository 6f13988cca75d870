import { ARRAY, arrayElements, fields, OBJECT, type RawValue } from '../bson/raw.js'
import { DocumentWriter } from '../bson/writer.js'

/** A value of a document that is being changed: untouched bytes, or opened to change what is in it. */
export type Node = RawValue | ObjectNode | ArrayNode

/** An object opened for changes; fields keep their order, new ones come last. */
export class ObjectNode {
  readonly names: string[] = []
  readonly values: Node[] = []

  /** Opens the document that begins at an offset. */
  static open(buffer: Buffer, start: number): ObjectNode {
    const node = new ObjectNode()
    for (const field of fields(buffer, start)) {
      node.names.push(field.name)
      node.values.push(field)
    }
    return node
  }

  get(name: string): Node | undefined {
    const at = this.names.indexOf(name)
    return at < 0 ? undefined : this.values[at]
  }

  set(name: string, value: Node): void {
    const at = this.names.indexOf(name)
    if (at >= 0) this.values[at] = value
    else {
      this.names.push(name)
      this.values.push(value)
    }
  }

  delete(name: string): void {
    const at = this.names.indexOf(name)
    if (at < 0) return
    this.names.splice(at, 1)
    this.values.splice(at, 1)
  }
}

/** An array opened for changes. */
export class ArrayNode {
  readonly elements: Node[]
  /** The elements as they were, which array filters are about. */
  readonly original: readonly RawValue[]

  constructor(original: readonly RawValue[], elements: readonly Node[] = original) {
    this.original = original
    this.elements = [...elements]
  }

  static open({ buffer, offset }: RawValue): ArrayNode {
    return new ArrayNode([...arrayElements(buffer, offset)])
  }
}

/** Opens what can be opened; all other values have nothing inside them. */
export function opened(node: Node | undefined): ObjectNode | ArrayNode | undefined {
  if (node instanceof ObjectNode || node instanceof ArrayNode) return node
  if (node?.type === OBJECT) return ObjectNode.open(node.buffer, node.offset)
  return node?.type === ARRAY ? ArrayNode.open(node) : undefined
}

const writer = new DocumentWriter()

/** The bytes of a changed document. */
export function documentBytes(root: ObjectNode): Buffer {
  writer.begin()
  writeFields(root)
  writer.end()
  return writer.bytes()
}

/** A changed value as bytes again. */
export function rawOf(node: Node): RawValue {
  if (!(node instanceof ObjectNode || node instanceof ArrayNode)) return node
  const buffer = wrapped('v', node)
  return { buffer, type: buffer[4] ?? 0, offset: 7 }
}

/** A document with one field. */
export function wrapped(name: string, node: Node): Buffer {
  writer.begin()
  writeField(name, node)
  writer.end()
  return writer.bytes()
}

function writeFields({ names, values }: ObjectNode): void {
  for (const [at, name] of names.entries()) {
    const value = values[at]
    if (value !== undefined) writeField(name, value)
  }
}

function writeField(name: string, node: Node): void {
  if (node instanceof ObjectNode) {
    writer.beginField(name, OBJECT)
    writeFields(node)
    writer.end()
  } else if (node instanceof ArrayNode) {
    writer.beginField(name, ARRAY)
    for (const [at, element] of node.elements.entries()) writeField(String(at), element)
    writer.end()
  } else {
    writer.field(name, node)
  }
}
