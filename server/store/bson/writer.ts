import type { ARRAY, OBJECT } from './raw.js'
import { valueSize, type RawValue } from './raw.js'

const FIRST_SIZE = 16_384

/** Puts a document together from parts of others, which are copied as they are. */
export class DocumentWriter {
  #buffer = Buffer.allocUnsafe(FIRST_SIZE)
  #length = 0
  /** Where the documents begin that have no end yet. */
  readonly #open: number[] = []

  /** Forgets all and begins a document. */
  begin(): void {
    this.#length = 0
    this.#open.length = 0
    this.#start()
  }

  /** Begins a document, or an array, inside the one that is open. */
  beginField(name: string, type: typeof OBJECT | typeof ARRAY): void {
    this.#head(type, name)
    this.#start()
  }

  end(): void {
    this.#reserve(1)
    this.#buffer[this.#length] = 0
    this.#length += 1
    const start = this.#open.pop() ?? 0
    this.#buffer.writeInt32LE(this.#length - start, start)
  }

  /** Writes a field, its value copied from where it lies. */
  field(name: string, { buffer, type, offset }: RawValue): void {
    this.#head(type, name)
    this.copy(buffer, offset, offset + valueSize(buffer, type, offset))
  }

  /** Copies bytes: a whole element, or several. */
  copy(from: Buffer, start: number, end: number): void {
    this.#reserve(end - start)
    from.copy(this.#buffer, this.#length, start, end)
    this.#length += end - start
  }

  /** A copy of the finished document. */
  bytes(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.#length))
  }

  #start(): void {
    this.#open.push(this.#length)
    this.#reserve(4)
    this.#length += 4
  }

  #head(type: number, name: string): void {
    this.#reserve(name.length * 3 + 2)
    this.#buffer[this.#length] = type
    this.#length += 1
    this.#length += this.#buffer.write(name, this.#length)
    this.#buffer[this.#length] = 0
    this.#length += 1
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes
    if (needed <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2))
    this.#buffer.copy(larger, 0, 0, this.#length)
    this.#buffer = larger
  }
}
