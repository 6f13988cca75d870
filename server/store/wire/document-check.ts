import { isUtf8 } from 'node:buffer'
import { MongoError } from '../errors.js'
import * as bson from '../bson/raw.js'

/** As MongoDB: deeper documents are refused. */
const MAX_DEPTH = 200

const FIXED: Readonly<Record<number, number>> = {
  [bson.DOUBLE]: 8,
  [bson.UNDEFINED]: 0,
  [bson.OBJECT_ID]: 12,
  [bson.BOOLEAN]: 1,
  [bson.DATE]: 8,
  [bson.NULL]: 0,
  [bson.INT]: 4,
  [bson.TIMESTAMP]: 8,
  [bson.LONG]: 8,
  [bson.DECIMAL]: 16,
  [bson.MIN_KEY]: 0,
  [bson.MAX_KEY]: 0,
}

/** Refuses a document whose lengths, types, strings or depth are not BSON's; the code after relies on it. */
export function checkDocument(document: Buffer): void {
  const end = new Check(document).object(0, document.length, 0)
  if (end !== document.length) invalid('its length is not that of its message')
}

class Check {
  readonly #buffer: Buffer

  constructor(buffer: Buffer) {
    this.#buffer = buffer
  }

  /** Checks the document at an offset and gives back where it ends. */
  object(start: number, limit: number, depth: number): number {
    if (depth > MAX_DEPTH)
      throw new MongoError(15, `BSONObj exceeds maximum nested object depth: ${String(MAX_DEPTH)}`)
    const end = start + this.#length(start, limit, 5)
    if (this.#buffer[end - 1] !== 0) invalid('a document does not end where it says')
    let at = start + 4
    while (at < end - 1) at = this.#element(at, end - 1, depth)
    return end
  }

  #element(at: number, limit: number, depth: number): number {
    const type = this.#buffer[at] ?? 0
    const offset = this.#text(at + 1, limit)
    const end = this.#value(type, { offset, limit, depth })
    if (end > limit) invalid('a value is longer than its document')
    return end
  }

  #value(type: number, at: { offset: number; limit: number; depth: number }): number {
    const { offset, limit, depth } = at
    const fixed = FIXED[type]
    if (fixed !== undefined) return offset + fixed
    switch (type) {
      case bson.STRING:
      case bson.CODE:
      case bson.SYMBOL:
        return this.#string(offset, limit)
      case bson.OBJECT:
      case bson.ARRAY:
        return this.object(offset, limit, depth + 1)
      case bson.BINARY:
        return offset + 5 + this.#count(offset, limit)
      case bson.REGEX:
        return this.#text(this.#text(offset, limit), limit)
      case bson.DB_POINTER:
        return this.#string(offset, limit) + 12
      case bson.SCOPED_CODE:
        this.#length(offset, limit, 14)
        return this.object(this.#string(offset + 4, limit), limit, depth + 1)
      default:
        return invalid(`type ${String(type)} is unknown`)
    }
  }

  /** A text that ends with a zero byte; gives back what comes after it. */
  #text(start: number, limit: number): number {
    const end = this.#buffer.indexOf(0, start)
    if (end < 0 || end >= limit + 1) invalid('a name has no end')
    this.#checkUtf8(start, end)
    return end + 1
  }

  #string(offset: number, limit: number): number {
    const length = this.#count(offset, limit)
    const end = offset + 4 + length
    if (length < 1 || end > limit || this.#buffer[end - 1] !== 0)
      invalid('a string has a wrong length')
    this.#checkUtf8(offset + 4, end - 1)
    return end
  }

  #checkUtf8(start: number, end: number): void {
    if (!isUtf8(this.#buffer.subarray(start, end))) invalid('a string is not UTF-8')
  }

  #count(offset: number, limit: number): number {
    const count = offset + 4 <= limit ? this.#buffer.readInt32LE(offset) : -1
    if (count < 0) invalid('a length is negative or missing')
    return count
  }

  #length(start: number, limit: number, least: number): number {
    const length = this.#count(start, limit)
    if (length < least || start + length > limit) invalid('a document has a wrong length')
    return length
  }
}

function invalid(what: string): never {
  throw new MongoError(22, `Invalid BSON: ${what}`)
}
