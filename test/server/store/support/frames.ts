import { connect, type Socket } from 'node:net'
import { BSON, type Document } from 'bson'
import type { Random } from './random.js'

const OP_MSG = 2013
let lastRequest = 0

/** A message as a driver would send it, with its documents in the body or as a sequence. */
export function frame(body: Document, sequence?: { name: string; documents: Document[] }): Buffer {
  const parts = [Buffer.from([0]), BSON.serialize(body)]
  if (sequence !== undefined) {
    const documents = sequence.documents.map((one) => BSON.serialize(one))
    const name = Buffer.from(`${sequence.name}\0`)
    const length = Buffer.alloc(4)
    length.writeInt32LE(4 + name.length + documents.reduce((sum, one) => sum + one.length, 0))
    parts.push(Buffer.from([1]), length, name, ...documents)
  }
  const content = Buffer.concat(parts)
  const header = Buffer.alloc(20)
  header.writeInt32LE(header.length + content.length, 0)
  header.writeInt32LE((lastRequest += 1), 4)
  header.writeInt32LE(OP_MSG, 12)
  return Buffer.concat([header, content])
}

/** Spoils a frame somewhere: bytes, lengths, its end. */
export function spoiled(whole: Buffer, random: Random): Buffer {
  const bytes = Buffer.from(whole)
  for (let left = random.below(4) + 1; left > 0; left -= 1) {
    const at = random.below(bytes.length)
    if (random.below(3) > 0) bytes[at] = random.of([0, 1, 2, 3, 4, 5, 0x7f, 0x80, 0xff])
    else if (at + 4 <= bytes.length)
      bytes.writeInt32LE(random.of([0, -1, 4, 5, bytes.length, 0x7fffffff, -0x80000000]), at)
  }
  const isCut = random.below(8) === 0
  return isCut ? bytes.subarray(0, random.below(bytes.length) + 1) : bytes
}

/** One connection that says only what it is told to. */
export class RawClient {
  readonly #socket: Socket
  #received = Buffer.alloc(0)
  #wake: () => void = () => undefined
  isClosed = false

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk])
      this.#wake()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.isClosed = true
      this.#wake()
    })
  }

  static async open(port: number): Promise<RawClient> {
    const socket = connect({ port, host: '127.0.0.1' })
    await new Promise((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
    })
    return new RawClient(socket)
  }

  send(bytes: Buffer): void {
    this.#socket.write(bytes)
  }

  /** The next reply's document; undefined when the connection closes or nothing comes in time. */
  async reply(withinMs: number): Promise<Document | undefined> {
    const deadline = Date.now() + withinMs
    while (!this.isClosed && !this.#isWhole() && Date.now() < deadline)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, deadline - Date.now())
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    if (!this.#isWhole()) return undefined
    const length = this.#received.readInt32LE(0)
    const message = this.#received.subarray(0, length)
    this.#received = this.#received.subarray(length)
    return BSON.deserialize(message.subarray(21))
  }

  close(): void {
    this.#socket.destroy()
  }

  #isWhole(): boolean {
    return this.#received.length >= 4 && this.#received.length >= this.#received.readInt32LE(0)
  }
}
