import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { BSON } from 'bson'

/** When a write of the application is cut off: before the database has it, or after, before it says so. */
export type Moment = 'before' | 'after'

export interface Fault {
  /** Counts the writes from the moment it is planted, from 0. */
  readonly write: number
  readonly moment: Moment
  /** What happens then, besides the loss of the connection. */
  strike?(): void
}

/** A connection to a database that fails where a test says so. */
export interface FaultyConnection {
  readonly uri: string
  /** Commands that wrote since the fault was planted, in order. */
  readonly writes: readonly string[]
  /** Whether the planted fault has struck. */
  readonly struck: boolean
  /** Counts writes anew; with a fault, lets one of them fail. */
  plant(fault?: Fault): void
  close(): Promise<void>
}

const writing = new Set(['insert', 'update', 'delete', 'findAndModify', 'bulkWrite'])

/** Opens a port of its own that passes everything on to a database on a unix socket. */
export async function openFaultyConnection(
  socketPath: string,
  counts: (command: string, collection: string) => boolean = () => true,
): Promise<FaultyConnection> {
  const line = new Line(counts)
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(socketPath)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      socket.on('error', () => undefined)
    }
    line.join(client, upstream)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    uri: `mongodb://127.0.0.1:${port}/palier?directConnection=true`,
    get writes() {
      return line.writes
    },
    get struck() {
      return line.struck
    },
    plant: (fault) => line.plant(fault),
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise<void>((done) => server.close(() => done()))
    },
  }
}

class Line {
  writes: string[] = []
  struck = false
  #fault: Fault | undefined
  readonly #counts: (command: string, collection: string) => boolean

  constructor(counts: (command: string, collection: string) => boolean) {
    this.#counts = counts
  }

  plant(fault: Fault | undefined): void {
    this.#fault = fault
    this.writes = []
    this.struck = false
  }

  join(client: Socket, upstream: Socket): void {
    const cut = (): void => {
      client.destroy()
      upstream.destroy()
    }
    const doomed = new Set<number>()
    eachMessage(client, (message) => {
      const moment = this.#judge(message)
      if (moment === 'before') return this.#strike(cut)
      if (moment === 'after') doomed.add(message.readInt32LE(4))
      upstream.write(message)
    })
    eachMessage(upstream, (message) => {
      if (doomed.has(message.readInt32LE(8))) return this.#strike(cut)
      client.write(message)
    })
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  }

  #judge(message: Buffer): Moment | undefined {
    const [command, collection] = commandOf(message)
    if (!writing.has(command) || !this.#counts(command, collection)) return undefined
    this.writes.push(`${command} ${collection}`)
    const hit = this.#fault?.write === this.writes.length - 1
    return hit ? this.#fault?.moment : undefined
  }

  #strike(cut: () => void): void {
    this.struck = true
    this.#fault?.strike?.()
    this.#fault = undefined
    cut()
  }
}

/** The wire protocol's messages begin with their length. */
function eachMessage(socket: Socket, handle: (message: Buffer) => void): void {
  let pending: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    pending = pending.length > 0 ? Buffer.concat([pending, chunk]) : chunk
    while (pending.length >= 4 && pending.length >= pending.readInt32LE(0)) {
      const length = pending.readInt32LE(0)
      handle(pending.subarray(0, length))
      pending = pending.subarray(length)
    }
  })
}

const opMsg = 2013

/** Name and collection of an OP_MSG's command: the first field of its body section. */
function commandOf(message: Buffer): [command: string, collection: string] {
  if (message.readInt32LE(12) !== opMsg) return ['', '']
  for (let at = 20; at < message.length - 4;) {
    const size = message.readInt32LE(at + 1)
    if (message[at] === 0) {
      const [[name, value] = ['', '']] = Object.entries(
        BSON.deserialize(message.subarray(at + 1, at + 1 + size)),
      )
      return [name, typeof value === 'string' ? value : '']
    }
    at += 1 + size
  }
  return ['', '']
}
