import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { MongoClient, type Collection, type Document } from 'mongodb'
import { builtStore } from '../built-store.js'
import type { Bench, Figure } from '../index.js'
import { openBare } from './bare.js'
import { best, inFlight, memoryOf, percentile, rates, type Act } from './measure.js'

type Numbered = Document & { _id: number }
type Tell = (figure: Figure) => void

const IN_FLIGHT = [1, 16, 64]
const MANY = 100_000
const MEASURED_READS = 1000
const person = (n: number): Numbered => ({
  _id: n,
  name: `p${n}`,
  unit: n % 50,
  text: 'x'.repeat(200),
})

/** The embedded store against a server that answers a fixed reply, and against bare LMDB. */
export const store: Bench = async (tell, options) => {
  const root = mkdtempSync(join(tmpdir(), 'palier-bench-'))
  const { startStore } = await builtStore()
  const start = performance.now()
  const running = await startStore({ dataDir: join(root, 'store') })
  tell({ name: 'start', value: performance.now() - start, unit: 'ms', aim: '≤ 400' })
  const floor = await startFloor(join(root, 'floor.sock'))
  const bare = openBare(join(root, 'bare'))
  const [client, stub] = [new MongoClient(running.uri), new MongoClient(floor.uri)]
  const sides = {
    real: client.db().collection<Numbered>('a'),
    floor: stub.db().collection<Numbered>('a'),
  }
  try {
    await client.db().command({ ping: 1 })
    await wait(2000)
    tell({ name: 'memory idle (PSS)', value: memoryOf(running.pid ?? 0), unit: 'MB', aim: '≤ 60' })
    await writes(tell, sides, bare)
    await reads(tell, sides)
    await scans(tell, client)
    tell({ name: 'memory loaded (PSS)', value: memoryOf(running.pid ?? 0), unit: 'MB' })
    if (options.has('--million')) await growth(tell, client)
  } finally {
    await Promise.all([client.close(), stub.close(), bare.close()])
    floor.child.disconnect()
    await running.stop()
    rmSync(root, { recursive: true, force: true })
  }
}

async function startFloor(socket: string): Promise<{ uri: string; child: ChildProcess }> {
  const program = fileURLToPath(new URL('./floor.ts', import.meta.url))
  const child = fork(program, [socket], { execArgv: ['--import', 'tsx'] })
  await once(child, 'message')
  return { child, uri: `mongodb://${encodeURIComponent(socket)}/palier?directConnection=true` }
}

interface Sides {
  readonly real: Collection<Numbered>
  readonly floor: Collection<Numbered>
}

async function writes(
  tell: Tell,
  { real, floor }: Sides,
  bare: ReturnType<typeof openBare>,
): Promise<void> {
  let id = 0
  const kinds: Readonly<Record<string, (side: Collection<Numbered>) => Act>> = {
    insertOne: (side) => () => side.insertOne(person((id += 1))),
    updateOne: (side) => (n) => side.updateOne({ _id: (n % 100) + 1 }, { $set: { name: `q${n}` } }),
  }
  for (const count of IN_FLIGHT)
    for (const [name, make] of Object.entries(kinds)) {
      const sides = [inFlight(count, make(real)), inFlight(count, make(floor))]
      const [value = 0, stub = 0, durable = 0] = await rates([...sides, bare.together(count)])
      const ratio = value / Math.min(stub, durable)
      tell({ name: `${name}, ${count} in flight`, value, unit: '/s', ratio, aim: '≥ 0.6' })
      if (count > 1) continue
      const both = 1 / (1 / stub + 1 / durable)
      tell({ name: '  both floors one after the other', value: both, unit: '/s' })
    }
}

async function reads(tell: Tell, { real, floor }: Sides): Promise<void> {
  const find =
    (side: Collection<Numbered>): Act =>
    (n) =>
      side.findOne({ _id: (n % 100) + 1 })
  for (const count of [1, 16]) {
    const sides = [inFlight(count, find(real)), inFlight(count, find(floor))]
    const [value = 0, stub = 0] = await rates(sides)
    const name = `findOne by _id, ${count} in flight`
    tell({ name, value, unit: '/s', ratio: value / stub, aim: '≥ 0.6' })
  }
}

async function fill(collection: Collection<Numbered>, from: number, to: number): Promise<void> {
  for (let start = from; start < to; start += 5000)
    await collection.insertMany(
      Array.from({ length: Math.min(5000, to - start) }, (_, n) => person(start + n)),
    )
}

const page = (collection: Collection<Numbered>): Promise<unknown> =>
  collection
    .find({ unit: { $gte: 10, $lt: 12 } })
    .sort({ unit: 1 })
    .limit(20)
    .toArray()

async function scans(tell: Tell, client: MongoClient): Promise<void> {
  const collection = client.db().collection<Numbered>('many')
  await collection.createIndex({ unit: 1 })
  await fill(collection, 0, MANY)
  const group = [{ $group: { _id: '$unit', n: { $sum: 1 }, most: { $max: '$name' } } }]
  const scan = (): Promise<unknown> => collection.find({ text: 'nothing' }).toArray()
  tell({ name: 'range, sort, limit 20', value: await best(() => page(collection), 50), unit: 'ms' })
  tell({
    name: '$group over 100,000',
    value: await best(() => collection.aggregate(group).toArray(), 3),
    unit: 'ms',
  })
  tell({ name: 'scan of 100,000', value: await best(scan, 3), unit: 'ms' })
  const sort = (): Promise<unknown> =>
    collection.find().sort({ text: 1, name: -1 }).skip(99_999).toArray()
  const long = { scans: scan, $group: () => collection.aggregate(group).toArray(), sorts: sort }
  tell({ name: 'findOne alone, p99', value: await waits(collection, () => wait(200)), unit: 'ms' })
  for (const [name, act] of Object.entries(long))
    tell({
      name: `findOne during ${name}, p99`,
      value: await waits(collection, act),
      unit: 'ms',
      aim: '≤ 20',
    })
}

/** Milliseconds that all but one of a hundred short reads take at most while something long is done again and again. */
async function waits(
  collection: Collection<Numbered>,
  act: () => Promise<unknown>,
): Promise<number> {
  const taken: number[] = []
  while (taken.length < MEASURED_READS) {
    let over = false
    const acting = act().then(() => (over = true))
    while (!over) taken.push(await best(() => collection.findOne({ _id: 5 }), 1))
    await acting
  }
  return percentile(taken, 0.99)
}

/** An indexed read over ten thousand documents and over a million. */
async function growth(tell: Tell, client: MongoClient): Promise<void> {
  const collection = client.db().collection<Numbered>('grown')
  await collection.createIndex({ unit: 1 })
  await fill(collection, 0, 10_000)
  const small = await best(() => page(collection), 200)
  await fill(collection, 10_000, 1_000_000)
  const large = await best(() => page(collection), 200)
  tell({
    name: 'read over a million',
    value: large,
    unit: 'ms',
    ratio: large / small,
    aim: '≤ 1.3',
  })
}
