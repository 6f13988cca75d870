import { BSON, type Document } from 'mongodb'
import { once } from 'node:events'
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'

/** Commands that were on their way at once: each wave is one round trip. */
export type Wave = readonly Document[]

interface Sent {
  readonly command: Document
  readonly at: number
  answeredAt: number
}

const [headerBytes, opMsg] = [16, 2013]
/** What a driver says on its own account, and what goes on with a cursor of another run. */
const ofTheDriver = /^(hello|ismaster|isMaster|ping|endSessions|sasl\w*|getMore|killCursors)$/

/** Stands between Palier and its store, and writes down what is asked (MongoDB's wire protocol, OP_MSG). */
export class Recorder {
  readonly #server: Server
  #sent: Sent[] = []

  private constructor(server: Server) {
    this.#server = server
  }

  /** Listens on a port of its own; `store` is the socket on which the store does. */
  static async between(store: string): Promise<Recorder> {
    const server = createServer({ noDelay: true })
    const recorder = new Recorder(server)
    server.on('connection', (client) => recorder.#join(client, connect(store)))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return recorder
  }

  get uri(): string {
    const { port } = this.#server.address() as AddressInfo
    return `mongodb://127.0.0.1:${port}/palier?directConnection=true`
  }

  /** What is asked of the store until `work` is over. */
  async during(work: () => Promise<unknown>): Promise<Wave[]> {
    this.#sent = []
    await work()
    return wavesOf(this.#sent.splice(0))
  }

  close(): void {
    this.#server.close()
  }

  #join(client: Socket, store: Socket): void {
    const asked = new Map<number, Sent>()
    client.on(
      'data',
      messages((message) => this.#note(message, asked)),
    )
    store.on(
      'data',
      messages((message) => {
        const sent = asked.get(message.readInt32LE(8))
        if (sent) sent.answeredAt = performance.now()
      }),
    )
    client.pipe(store).pipe(client)
    for (const [one, other] of [
      [client, store],
      [store, client],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy())
  }

  #note(message: Buffer, asked: Map<number, Sent>): void {
    if (message.readInt32LE(12) !== opMsg) return
    const command = commandIn(message)
    if (ofTheDriver.test(Object.keys(command)[0] ?? '')) return
    const sent = { command, at: performance.now(), answeredAt: Infinity }
    asked.set(message.readInt32LE(4), sent)
    this.#sent.push(sent)
  }
}

/** Cuts a stream into messages, each of which begins with its length. */
function messages(take: (message: Buffer) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0)
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= headerBytes && rest.length >= rest.readInt32LE(0)) {
      const length = rest.readInt32LE(0)
      take(rest.subarray(0, length))
      rest = rest.subarray(length)
    }
  }
}

/** The command of an OP_MSG, with what its document sequences bring. */
function commandIn(message: Buffer): Document {
  let command: Document = {}
  for (let at = headerBytes + 4; at < message.length;) {
    const kind = message[at]
    const length = message.readInt32LE(at + 1)
    const section = message.subarray(at + 1, at + 1 + length)
    if (kind === 0) command = { ...BSON.deserialize(section, { promoteValues: true }), ...command }
    else command = { ...command, ...sequenceIn(section) }
    at += 1 + length
  }
  return command
}

function sequenceIn(section: Buffer): Document {
  const nameEnd = section.indexOf(0, 4)
  const documents: Document[] = []
  for (let at = nameEnd + 1; at < section.length; at += section.readInt32LE(at))
    documents.push(BSON.deserialize(section.subarray(at, at + section.readInt32LE(at))))
  return { [section.toString('utf8', 4, nameEnd)]: documents }
}

/** A command that left when all before it were answered begins a new wave. */
function wavesOf(sent: readonly Sent[]): Wave[] {
  const waves: Sent[][] = []
  for (const one of sent) {
    const last = waves.at(-1)
    if (last?.some(({ answeredAt }) => answeredAt > one.at)) last.push(one)
    else waves.push([one])
  }
  return waves.map((wave) => wave.map(({ command }) => command))
}
