import { setTimeout as wait } from 'node:timers/promises'
import { MongoClient, type Collection } from 'mongodb'
import type { TestStore } from './store.js'

interface Counter {
  _id: string
  n: number
  round?: number
}

/** What the writers know: which writes were acknowledged, and which may or may not have happened. */
interface Ledger {
  readonly acknowledged: Set<string>
  readonly uncertain: Set<string>
  increments: number
  attempts: number
}

/** What rounds of killing brought to light. */
export interface Killed {
  readonly acknowledged: number
  readonly problems: readonly string[]
}

const WRITERS = 8
const LONGEST_MS = 300

/** Kills a store again and again while it is written to, and compares what it holds with what it acknowledged. */
export async function killRepeatedly(store: TestStore, rounds: number): Promise<Killed> {
  const ledger: Ledger = {
    acknowledged: new Set(),
    uncertain: new Set(),
    increments: 0,
    attempts: 0,
  }
  const client = new MongoClient(store.uri, { serverSelectionTimeoutMS: 120_000 })
  const problems: string[] = []
  const collection = client.db().collection<Counter>('kills')
  await collection.createIndex({ round: 1, n: 1 })
  await collection.insertOne({ _id: 'counter', n: 0 })
  for (let round = 0; round < rounds; round += 1) {
    await oneRound(store, { collection, ledger, round })
    problems.push(...(await compare(client, collection, ledger)))
    if (problems.length > 0) break
  }
  await client.close()
  return { acknowledged: ledger.acknowledged.size + ledger.increments, problems }
}

async function oneRound(
  store: TestStore,
  { collection, ledger, round }: { collection: Collection<Counter>; ledger: Ledger; round: number },
): Promise<void> {
  const running = { isOver: false }
  const writers = Array.from({ length: WRITERS }, (_, writer) =>
    write(collection, ledger, { name: `${round}-${writer}`, round, running }),
  )
  await wait(20 + Math.random() * LONGEST_MS)
  process.kill(store.process.pid ?? 0, 'SIGKILL')
  running.isOver = true
  await Promise.all(writers)
}

interface Writer {
  readonly name: string
  readonly round: number
  readonly running: { isOver: boolean }
}

async function write(
  collection: Collection<Counter>,
  ledger: Ledger,
  { name, round, running }: Writer,
): Promise<void> {
  for (let n = 0; !running.isOver; n += 1) {
    const id = `${name}-${n}`
    ledger.uncertain.add(id)
    ledger.attempts += 1
    try {
      await collection.insertOne({ _id: id, n, round })
      ledger.acknowledged.add(id)
      await collection.updateOne({ _id: 'counter' }, { $inc: { n: 1 } })
      ledger.increments += 1
    } catch {
      return
    }
  }
}

async function compare(
  client: MongoClient,
  collection: Collection<Counter>,
  { acknowledged, uncertain, increments, attempts }: Ledger,
): Promise<string[]> {
  const found = new Map((await collection.find().toArray()).map((one) => [one._id, one]))
  const lost = [...acknowledged].filter((id) => !found.has(id))
  const foreign = [...found.keys()].filter((id) => id !== 'counter' && !uncertain.has(id))
  const counted = found.get('counter')?.n ?? -1
  const checked = await client.db().command({ validate: 'kills' })
  const count = await collection.estimatedDocumentCount()
  return [
    ...lost.map((id) => `${id} was acknowledged and is lost`),
    ...foreign.map((id) => `${id} was never written`),
    ...(counted < increments || counted > attempts ? [`the counter says ${counted}`] : []),
    ...(checked['errors'] as string[]),
    ...(count === found.size ? [] : [`counted ${count}, found ${found.size}`]),
  ]
}
