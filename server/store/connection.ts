import type { Socket } from 'node:net'
import type { Client, Reply } from './commands/command.js'
import { encode } from './bson/raw.js'
import { Framer, parseMessage, replyHeader, type Message } from './wire/message.js'

/** A connection stops reading while this much is still to be sent. */
const MOST_UNSENT_BYTES = 64_000_000

/** From this size on a reply is not put together with its header. */
const LARGE_BYTES = 64 * 1024

/** Executes one message and calls back with its reply. */
export type Execute = (
  message: Message,
  connection: Connection,
  reply: (reply: Reply) => void,
) => void

/** One client: its messages are answered one after the other, in their order. */
export class Connection {
  readonly client: Client
  readonly #socket: Socket
  readonly #execute: Execute
  readonly #framer = new Framer((message) => {
    this.#received.push(parseMessage(message))
  })
  #received: Message[] = []
  #isBusy = false

  constructor(socket: Socket, id: number, execute: Execute) {
    this.#socket = socket
    this.#execute = execute
    const address = socket.remoteAddress ?? 'local socket'
    this.client = { id, address, application: undefined }
    socket.on('data', (chunk: Buffer) => {
      this.#take(chunk)
    })
    socket.on('drain', () => {
      socket.resume()
    })
    socket.on('error', () => {
      socket.destroy()
    })
  }

  /** Drops the client at once, as the `closeConnection` fail point asks. */
  destroy(): void {
    this.#socket.destroy()
  }

  #take(chunk: Buffer): void {
    try {
      this.#framer.push(chunk)
    } catch {
      this.#socket.destroy()
      return
    }
    this.#next()
  }

  #next(): void {
    const message = this.#isBusy ? undefined : this.#received.shift()
    if (message === undefined) return
    this.#isBusy = true
    this.#execute(message, this, (reply) => {
      if (!message.moreToCome) this.#send(message, reply)
      this.#isBusy = false
      this.#next()
    })
  }

  #send(message: Message, reply: Reply): void {
    if (this.#socket.destroyed) return
    const document = Buffer.isBuffer(reply) ? reply : encode(reply)
    const header = replyHeader(message, document.length)
    if (document.length > LARGE_BYTES) this.#sendParts(header, document)
    else this.#socket.write(Buffer.concat([header, document]))
    if (this.#socket.writableLength > MOST_UNSENT_BYTES) this.#socket.pause()
  }

  /** What is large is not copied once more; both parts still leave in one write. */
  #sendParts(header: Buffer, document: Buffer): void {
    this.#socket.cork()
    this.#socket.write(header)
    this.#socket.write(document)
    this.#socket.uncork()
  }
}
