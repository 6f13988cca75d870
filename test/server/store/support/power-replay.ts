import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Document } from 'bson'
import { decode } from '../../../../server/store/bson/raw.js'
import { numeric } from '../../../../server/store/commands/schema.js'
import { entries, idRange } from '../../../../server/store/storage/environment.js'
import { inspect } from '../../../../server/store/storage/inspection.js'
import { Store } from '../../../../server/store/store.js'
import { frame, RawClient } from './frames.js'
import { startTraced, type Event } from './power-trace.js'
import type { Random } from './random.js'

const LANES = 4
const SECTOR = 512
const REPLY_MS = 60_000
/** As if the machine had been started anew: what was not flushed is not trusted. */
const AFTER_POWER_LOSS = { LMDB_RESTORE: 'safe' }

/** One write of one client, which sends the next when it is acknowledged. */
interface Step {
  readonly id: string
  /** How often it was changed; undefined where it is removed. */
  readonly version: number | undefined
  readonly message: Buffer
}

/** What each of several clients wrote, one after the other. */
type Lanes = readonly (readonly Step[])[]

/** A store at work, written down: what it was asked, what it did, what it answered. */
export interface Recording {
  readonly lanes: Lanes
  readonly events: readonly Event[]
}

/** Has several clients write to a store at once, and writes down what it does. */
export async function record(random: Random, stepsPerLane: number): Promise<Recording> {
  const directory = mkdtempSync(join(tmpdir(), 'palier-power-'))
  try {
    const store = await startTraced(directory)
    await ask(store.port, [indexing()])
    const lanes = Array.from({ length: LANES }, (_, lane) => stepsOf(random, lane, stepsPerLane))
    await Promise.all(
      lanes.map((steps) =>
        ask(
          store.port,
          steps.map(({ message }) => message),
        ),
      ),
    )
    return { lanes, events: await store.end() }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const indexing = (): Buffer =>
  frame({
    createIndexes: 'written',
    indexes: [{ key: { lane: 1, version: -1 }, name: 'lane' }],
    $db: 'power',
  })

async function ask(port: number, messages: readonly Buffer[]): Promise<void> {
  const client = await RawClient.open(port)
  for (const message of messages) {
    client.send(message)
    const reply = await client.reply(REPLY_MS)
    if (reply?.['ok'] !== 1) throw new Error(`no answer but ${JSON.stringify(reply)}`)
  }
  client.close()
}

function stepsOf(random: Random, lane: number, count: number): Step[] {
  const versions = new Map<string, number>()
  return Array.from({ length: count }, (_, n) => {
    const known = [...versions.keys()]
    const kind = known.length < 3 ? 0 : random.below(4)
    if (kind < 2) {
      const id = `${String(lane)}-${String(n)}`
      versions.set(id, 0)
      const text = 'x'.repeat(random.of([10, 200, 1500, 9000]))
      const documents = [{ _id: id, lane, version: 0, text }]
      return { id, version: 0, message: frame({ insert: 'written', documents, $db: 'power' }) }
    }
    const id = random.of(known)
    return kind === 2 ? updating(id, versions) : removing(id, versions)
  })
}

function updating(id: string, versions: Map<string, number>): Step {
  const version = (versions.get(id) ?? 0) + 1
  versions.set(id, version)
  const updates = [{ q: { _id: id }, u: { $set: { version } } }]
  return { id, version, message: frame({ update: 'written', updates, $db: 'power' }) }
}

function removing(id: string, versions: Map<string, number>): Step {
  versions.delete(id)
  const deletes = [{ q: { _id: id }, limit: 1 }]
  return {
    id,
    version: undefined,
    message: frame({ delete: 'written', deletes, $db: 'power' }),
  }
}

/** Which disk loses power. */
export interface Disk {
  /** It says that all is flushed and keeps it in its memory. */
  readonly lies?: boolean
}

/** Cuts the power at random moments and gives back what was then lost or broken. */
export async function cutPower(
  { lanes, events }: Recording,
  random: Random,
  { cuts, disk = {} }: { cuts: number; disk?: Disk },
): Promise<string[]> {
  const first = events.findIndex(({ kind }) => kind === 'reply')
  const problems: string[] = []
  for (let cut = 0; cut < cuts; cut += 1) {
    const at = first + 1 + random.below(events.length - first)
    const image = imageAt(events.slice(0, at), random, disk)
    const answered = new Set(
      events.slice(0, at).flatMap((event) => (event.kind === 'reply' ? event.to : [])),
    )
    const found = await problemsOf(image, lanes, answered)
    problems.push(...found.map((problem) => `cut at ${String(at)}: ${problem}`))
    await wait(0)
  }
  return problems
}

/** The data file after a power cut: what was flushed, and any part of what was not. */
function imageAt(events: readonly Event[], random: Random, { lies = false }: Disk): Buffer {
  const sure: Write[] = []
  let unsure: Write[] = []
  for (const event of events) {
    if (event.kind === 'sync' && !lies) {
      sure.push(...unsure)
      unsure = []
    } else if (event.kind === 'write') {
      if (event.isSynced && !lies) sure.push(event)
      else unsure.push(event)
    }
  }
  const kept = [...sure, ...unsure.flatMap((write) => survivors(write, random))]
  const image = Buffer.alloc(
    kept.reduce((end, { at, bytes }) => Math.max(end, at + bytes.length), 0),
  )
  for (const { at, bytes } of kept) bytes.copy(image, at)
  return image
}

interface Write {
  readonly at: number
  readonly bytes: Buffer
}

/** Of a write that was not flushed nothing, all, or some sectors are on the disk. */
function survivors({ at, bytes }: Write, random: Random): Write[] {
  const luck = random.below(3)
  if (luck < 2) return luck === 0 ? [] : [{ at, bytes }]
  const parts: Write[] = []
  for (let start = 0; start < bytes.length;) {
    const end = Math.min(bytes.length, start + SECTOR - ((at + start) % SECTOR))
    if (random.below(2) === 0) parts.push({ at: at + start, bytes: bytes.subarray(start, end) })
    start = end
  }
  return parts
}

async function problemsOf(
  image: Buffer,
  lanes: Lanes,
  answered: ReadonlySet<number>,
): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'palier-cut-'))
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'data.mdb'), image)
  Object.assign(process.env, AFTER_POWER_LOSS)
  try {
    const store = new Store({ directory })
    try {
      const { versions, errors } = contentsOf(store)
      return [...errors, ...lanes.flatMap((steps) => differences(steps, versions, answered))]
    } finally {
      await store.close()
    }
  } catch (error) {
    return [String(error)]
  } finally {
    for (const name of Object.keys(AFTER_POWER_LOSS)) delete process.env[name]
    rmSync(directory, { recursive: true, force: true })
  }
}

function contentsOf(store: Store): { versions: Map<string, number>; errors: readonly string[] } {
  const collection = store.catalog.get('power.written')
  if (collection === undefined) return { versions: new Map(), errors: [] }
  const steps = inspect(store.environment, collection)
  let step = steps.next()
  while (step.done !== true) step = steps.next()
  const documents = [...entries(store.environment.data, idRange(collection.id))].map(
    ({ value }): Document => decode(value),
  )
  const versions = documents.map((one) => [String(one['_id']), numeric(one['version'])] as const)
  return { versions: new Map(versions), errors: step.value.errors }
}

/** A client's documents are as its acknowledged writes left them, or as the next one did. */
function differences(
  steps: readonly Step[],
  found: ReadonlyMap<string, number>,
  answered: ReadonlySet<number>,
): string[] {
  const done = steps.findIndex(({ message }) => !answered.has(message.readInt32LE(4)))
  const acknowledged = done < 0 ? steps.length : done
  const lane = steps[0]?.id.split('-')[0] ?? ''
  const own = JSON.stringify([...found].filter(([id]) => id.startsWith(`${lane}-`)).sort())
  const isRight = [acknowledged, acknowledged + 1].some(
    (count) => JSON.stringify(after(steps.slice(0, count))) === own,
  )
  return isRight ? [] : [`client ${lane}: ${String(acknowledged)} acknowledged, found ${own}`]
}

function after(steps: readonly Step[]): [string, number][] {
  const versions = new Map<string, number>()
  for (const { id, version } of steps)
    if (version === undefined) versions.delete(id)
    else versions.set(id, version)
  return [...versions].sort()
}
