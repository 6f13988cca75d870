import { BSON, MongoClient, type Db, type Document } from 'mongodb'
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Wave } from './recorder.js'

/** What a page asks of the store, in Extended JSON, and how many bytes it answers. */
export interface Plan {
  readonly waves: string
  readonly bytes: number
}

/**
 * The least that a server on this store can do: bare `node:http` that asks what a page of Palier's asks, as often and in
 * as many round trips, and answers as many bytes. Its parent says for which page.
 */
const client = await new MongoClient(process.argv[2] ?? '').connect()
let [waves, body]: [Wave[], Buffer] = [[], Buffer.alloc(0)]

const server = createServer((request, response) => {
  request.resume()
  void answer().then(
    () => response.end(body),
    (error: unknown) => response.writeHead(500).end(String(error)),
  )
})

async function answer(): Promise<void> {
  for (const wave of waves) await Promise.all(wave.map((command) => ask(command)))
}

async function ask({ $db, ...command }: Document): Promise<void> {
  const db: Db = client.db(String($db))
  await db.command('insert' in command ? renewed(command) : command)
}

/** What is inserted again is another document. */
const renewed = (command: Document): Document => ({
  ...command,
  documents: (command.documents as Document[]).map((one) => ({ ...one, _id: randomUUID() })),
})

process.on('message', (plan: Plan) => {
  waves = (BSON.EJSON.parse(plan.waves) as Wave[]).map((wave) => wave.map(repeatable))
  body = Buffer.alloc(plan.bytes, 'x')
  process.send?.('ready')
})
process.once('disconnect', () => process.exit(0))
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))

/** A command without its session, and an update that finds its document however often it was made before. */
function repeatable(given: Document): Document {
  const { lsid, txnNumber, $clusterTime, $readPreference, ...command } = given
  void [lsid, txnNumber, $clusterTime, $readPreference]
  if (!Array.isArray(command.updates)) return command
  const updates = (command.updates as Document[]).map(({ q, ...rest }) => ({
    ...rest,
    q: typeof q._id === 'string' ? { _id: q._id as string } : (q as Document),
  }))
  return { ...command, updates }
}
