import { BSON, Double, Int32, ObjectId, type Document } from 'bson'

export const DOUBLE = 1
export const STRING = 2
export const OBJECT = 3
export const ARRAY = 4
export const BINARY = 5
export const UNDEFINED = 6
export const OBJECT_ID = 7
export const BOOLEAN = 8
export const DATE = 9
export const NULL = 10
export const REGEX = 11
export const DB_POINTER = 12
export const CODE = 13
export const SYMBOL = 14
export const SCOPED_CODE = 15
export const INT = 16
export const TIMESTAMP = 17
export const LONG = 18
export const DECIMAL = 19
export const MAX_KEY = 127
export const MIN_KEY = 255

/** A value where it lies in an encoded document. */
export interface RawValue {
  readonly buffer: Buffer
  readonly type: number
  readonly offset: number
}

const LOSSLESS = {
  promoteValues: false,
  promoteBuffers: false,
  promoteLongs: false,
  bsonRegExp: true,
}

/** Decodes a document so that encoding it again gives the same bytes. */
export function decode(raw: Buffer): Document {
  return BSON.deserialize(raw, LOSSLESS)
}

/** Encodes a document; `undefined` values are left out. */
export function encode(document: Document): Buffer {
  const bytes = BSON.serialize(document, { ignoreUndefined: true, checkKeys: false })
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** How many bytes a value takes. */
export function valueSize(buffer: Buffer, type: number, offset: number): number {
  switch (type) {
    case DOUBLE:
    case DATE:
    case TIMESTAMP:
    case LONG:
      return 8
    case INT:
      return 4
    case BOOLEAN:
      return 1
    case OBJECT_ID:
      return 12
    case DECIMAL:
      return 16
    case STRING:
    case CODE:
    case SYMBOL:
      return 4 + buffer.readInt32LE(offset)
    case OBJECT:
    case ARRAY:
    case SCOPED_CODE:
      return buffer.readInt32LE(offset)
    case BINARY:
      return 5 + buffer.readInt32LE(offset)
    case DB_POINTER:
      return 16 + buffer.readInt32LE(offset)
    case REGEX:
      return buffer.indexOf(0, buffer.indexOf(0, offset) + 1) + 1 - offset
    default:
      return 0
  }
}

/**
 * Where the element of a name begins in the document at an offset, -1 when it has none; its value
 * lies behind the type's byte, the name and a zero.
 */
export function findElement(buffer: Buffer, start: number, name: Buffer): number {
  const length = name.length
  let at = start + 4
  for (let type = buffer[at] ?? 0; type !== 0; type = buffer[at] ?? 0) {
    let end = at + 1
    while (end - at <= length && buffer[end] === name[end - at - 1]) end += 1
    if (end - at > length && buffer[end] === 0) return at
    while (buffer[end] !== 0) end += 1
    at = end + 1 + valueSize(buffer, type, end + 1)
  }
  return -1
}

/** Where the value of the element at a position begins. */
export function valueOffset(buffer: Buffer, at: number): number {
  let end = at + 1
  while (buffer[end] !== 0) end += 1
  return end + 1
}

/** Finds a field of the document that begins at an offset. */
export function rawField(buffer: Buffer, start: number, name: string): RawValue | undefined {
  const wanted = Buffer.from(name)
  const at = findElement(buffer, start, wanted)
  if (at < 0) return undefined
  return { buffer, type: buffer[at] ?? 0, offset: at + wanted.length + 2 }
}

/** A field where it lies in an encoded document. */
export interface RawField extends RawValue {
  readonly name: string
}

/** The fields of the document that begins at an offset. */
export function* fields(buffer: Buffer, start: number): Generator<RawField> {
  let at = start + 4
  for (let type = buffer[at] ?? 0; type !== 0; type = buffer[at] ?? 0) {
    const offset = valueOffset(buffer, at)
    yield { buffer, type, offset, name: buffer.toString('utf8', at + 1, offset - 1) }
    at = offset + valueSize(buffer, type, offset)
  }
}

/** The values of the array that begins at an offset. */
export function* arrayElements(buffer: Buffer, start: number): Generator<RawValue> {
  let at = start + 4
  for (let type = buffer[at] ?? 0; type !== 0; type = buffer[at] ?? 0) {
    const offset = buffer.indexOf(0, at + 1) + 1
    yield { buffer, type, offset }
    at = offset + valueSize(buffer, type, offset)
  }
}

/** Decodes one value without loss; the common types without the detour over a document. */
export function decodeValue(value: RawValue): unknown {
  const { buffer, type, offset } = value
  switch (type) {
    case INT:
      return new Int32(buffer.readInt32LE(offset))
    case DOUBLE:
      return new Double(buffer.readDoubleLE(offset))
    case STRING:
      return buffer.toString('utf8', offset + 4, offset + 3 + buffer.readInt32LE(offset))
    case BOOLEAN:
      return buffer[offset] === 1
    case NULL:
      return null
    case DATE:
      return new Date(Number(buffer.readBigInt64LE(offset)))
    case OBJECT_ID:
      return new ObjectId(Uint8Array.prototype.slice.call(buffer, offset, offset + 12))
    default:
      return decodeAlone(value)
  }
}

/** Any value is the only field of a document made for it. */
function decodeAlone({ buffer, type, offset }: RawValue): unknown {
  const size = valueSize(buffer, type, offset)
  const document = Buffer.alloc(8 + size)
  document.writeInt32LE(document.length)
  document[4] = type
  document[5] = 'v'.charCodeAt(0)
  buffer.copy(document, 7, offset, offset + size)
  return decode(document)['v']
}
