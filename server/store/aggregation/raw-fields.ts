import { ARRAY, encode, OBJECT, rawField, valueSize } from '../bson/raw.js'

/** A value's type and bytes, to be put into a document without decoding it. */
export interface Bytes {
  readonly type: number
  readonly bytes: Buffer
}

/** Sets the value at a path of a stored document; `undefined` takes the field away. */
export function withField(
  raw: Buffer,
  [name = '', ...rest]: readonly string[],
  value: Bytes | undefined,
): Buffer {
  const old = rawField(raw, 0, name)
  if (rest.length === 0) return replaced(raw, name, value)
  const inner =
    old?.type === OBJECT
      ? raw.subarray(old.offset, old.offset + raw.readInt32LE(old.offset))
      : EMPTY_DOCUMENT
  if (value === undefined && old?.type !== OBJECT) return raw
  return replaced(raw, name, { type: OBJECT, bytes: withField(inner, rest, value) })
}

const EMPTY_DOCUMENT = Buffer.from([5, 0, 0, 0, 0])

/** The new value takes the old one's place, or comes last. */
function replaced(raw: Buffer, name: string, value: Bytes | undefined): Buffer {
  const old = rawField(raw, 0, name)
  const label = Buffer.from(`${name}\0`)
  const start = old === undefined ? raw.length - 1 : old.offset - label.length - 1
  const end = old === undefined ? start : old.offset + valueSize(raw, old.type, old.offset)
  const element = value === undefined ? [] : [Buffer.from([value.type]), label, value.bytes]
  const result = Buffer.concat([raw.subarray(0, start), ...element, raw.subarray(end)])
  result.writeInt32LE(result.length, 0)
  return result
}

/** Documents as the value of an array. */
export function arrayOf(documents: readonly Buffer[]): Bytes {
  const parts: Buffer[] = [Buffer.alloc(4)]
  for (const [at, document] of documents.entries())
    parts.push(Buffer.from(`\x03${String(at)}\0`), document)
  parts.push(Buffer.from([0]))
  const bytes = Buffer.concat(parts)
  bytes.writeInt32LE(bytes.length, 0)
  return { type: ARRAY, bytes }
}

/** A decoded value as it would be stored. */
export function bytesOf(value: unknown): Bytes {
  const document = encode({ v: value })
  return { type: document[4] ?? 0, bytes: document.subarray(7, -1) }
}
