import { BSON } from 'mongodb'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startPalier, type Palier } from '../../support/palier.js'
import { freePort } from '../../support/ports.js'
import { builtStore } from '../built-store.js'
import type { Bench, Figure } from '../index.js'
import { said, seed } from '../seeding.js'
import { memoryOf } from '../store/measure.js'
import type { Plan } from './floor.js'
import { ask, calibration, load, type Load, type Visit } from './measuring.js'
import { Recorder, type Wave } from './recorder.js'
import { profiled, profilerOf } from './profiler.js'
import { prepare, type School } from './school.js'
import { subjectsOf, type Subject } from './subjects.js'

type Tell = (figure: Figure) => void

const inFlight = [1, 8, 32]
const [few, mostRoundTrips] = [1_000, 6]
const [warmMs, lengthMs, looks] = [700, 2_500, 7]

/**
 * What people do all day, each beside bare `node:http` that asks the same of the same store. `--seeded=` names a data folder
 * of as many people as one likes, to which what is measured is added; a thousand are seeded without it. `--only=` is the
 * beginning of a subject's name. `--profiles=` is a folder for a flame graph of each.
 */
export const pages: Bench = async (tell, options) => {
  tell({ name: 'a loop that is always the same', value: calibration(), unit: 'ms' })
  const there = said(options, '--seeded=')
  const dataDir = there ?? mkdtempSync(join(tmpdir(), 'palier-pages-'))
  if (!there) seed(dataDir, few)
  try {
    await measure(
      { dataDir, only: said(options, '--only=') ?? '', profiles: said(options, '--profiles=') },
      tell,
    )
  } finally {
    if (!there) rmSync(dataDir, { recursive: true, force: true })
  }
}

interface Wanted {
  readonly dataDir: string
  readonly only: string
  readonly profiles: string | undefined
}

async function measure({ dataDir, only, profiles }: Wanted, tell: Tell): Promise<void> {
  const { startStore } = await builtStore()
  const store = await startStore({ dataDir: join(dataDir, 'store') })
  const url = `http://localhost:${await freePort()}`
  const start = (MONGODB_URI: string): Promise<Palier> =>
    startPalier({
      env: { MONGODB_URI, ...(profiles !== undefined && profiled) },
      again: { dataDir, url },
    })
  const recorder = await Recorder.between(store.socketPath)
  const floor = await startFloor(store.uri)
  try {
    const watched = await start(recorder.uri)
    const school = await prepare(url, store.uri)
    const subjects = subjectsOf(school).filter(({ name }) => name.startsWith(only))
    const plans = await recorded(subjects, recorder)
    await watched.stop()
    const palier = await start(store.uri)
    const profiler = profiles === undefined ? undefined : profilerOf(palier.pid, profiles)
    const ids = { app: palier.pid, store: store.pid ?? 0, floor: floor.child.pid ?? 0 }
    tell({ name: 'memory idle (PSS)', value: memory(ids), unit: 'MB', aim: '≤ 150' })
    for (const subject of subjects) {
      const plan = plans.get(subject.name)
      if (plan) await compare({ subject, plan, floor, ids }, tell)
      await profiler?.(subject)
    }
    tell({ name: 'memory after 32 in flight (PSS)', value: memory(ids), unit: 'MB', aim: '≤ 300' })
    if (only === '') await tellBytes(school, tell)
    await palier.stop()
  } finally {
    recorder.close()
    floor.child.disconnect()
    await store.stop()
  }
}

interface Processes {
  readonly app: number
  readonly store: number
  readonly floor: number
}

const memory = ({ app, store }: Processes): number => memoryOf(app) + memoryOf(store)

interface Recorded extends Plan {
  readonly roundTrips: number
}

/** What each subject asks of the store: of several looks the one with the least, that nothing else came into. */
async function recorded(
  subjects: readonly Subject[],
  recorder: Recorder,
): Promise<Map<string, Recorded>> {
  const plans = new Map<string, Recorded>()
  for (const subject of subjects) {
    const visit = subject.visit(0)
    let bytes = await visit()
    let least: Wave[] | undefined
    for (let look = 0; look < looks; look += 1) {
      const waves = await recorder.during(async () => (bytes = await visit()))
      if (!least || waves.flat().length < least.flat().length) least = waves
    }
    const waves = least ?? []
    plans.set(subject.name, { waves: BSON.EJSON.stringify(waves), bytes, roundTrips: waves.length })
  }
  return plans
}

interface Floor {
  readonly child: ChildProcess
  readonly visit: Visit
}

async function startFloor(uri: string): Promise<Floor> {
  const program = fileURLToPath(new URL('./floor.ts', import.meta.url))
  const child = fork(program, [uri], { execArgv: ['--import', 'tsx'] })
  const [port] = (await once(child, 'message')) as [number]
  const visit = async (): Promise<number> => {
    const { status, text } = await ask(`http://localhost:${port}/`)
    if (status !== 200) throw new Error(`the floor was answered ${status}: ${text}`)
    return text.length
  }
  return { child, visit }
}

interface Comparison {
  readonly subject: Subject
  readonly plan: Recorded
  readonly floor: Floor
  readonly ids: Processes
}

async function compare({ subject, plan, floor, ids }: Comparison, tell: Tell): Promise<void> {
  const { name, cpu, ratio } = subject
  const aim = `≤ ${mostRoundTrips}`
  tell({ name: `${name}: round trips`, value: plan.roundTrips, unit: '', aim })
  floor.child.send({ waves: plan.waves, bytes: plan.bytes } satisfies Plan)
  await once(floor.child, 'message')
  for (const count of inFlight) {
    const lanes = Array.from({ length: count }, (_, lane) => subject.visit(lane))
    const own = await settled(lanes, [ids.app, ids.store])
    const least = await settled(
      lanes.map(() => floor.visit),
      [ids.floor, ids.store],
    )
    const share = own.cpu / least.cpu
    const wanted = count === 8 ? { aim: `≤ ${cpu} ms, ≤ ${ratio}` } : {}
    tell({ name: `  CPU, ${count} in flight`, value: own.cpu, unit: 'ms', ratio: share, ...wanted })
    tell({ name: '    p50', value: own.p50, unit: 'ms', ratio: own.p50 / least.p50 })
    tell({ name: '    p95', value: own.p95, unit: 'ms', ratio: own.p95 / least.p95 })
    tell({
      name: '    throughput',
      value: own.perSecond,
      unit: '/s',
      ratio: own.perSecond / least.perSecond,
    })
  }
}

async function settled(lanes: readonly Visit[], pids: readonly number[]): Promise<Load> {
  await load(lanes, pids, warmMs)
  return load(lanes, pids, lengthMs)
}

/** What the browser of somebody new fetches for the home page, and what it fetches later; as it is sent, compressed. */
async function tellBytes({ url, cookies }: School, tell: Tell): Promise<void> {
  const sizeOf = async (path: string): Promise<{ bytes: number; text: string }> => {
    const headers = { cookie: cookies.learner, accept: 'text/html', 'accept-encoding': 'br, gzip' }
    const { bytes } = await ask(new URL(path, url).href, { headers })
    const { text } = await ask(new URL(path, url).href, {
      headers: { cookie: cookies.learner, accept: 'text/html' },
    })
    return { bytes, text }
  }
  const home = await sizeOf('/')
  const assets = [...new Set(home.text.match(/\/(assets|brand)[^"' ]+\.(js|css|woff2|svg)/g))]
  const sizes = await Promise.all(assets.map(async (path) => (await sizeOf(path)).bytes))
  const first = sizes.reduce((sum, bytes) => sum + bytes, home.bytes)
  tell({ name: 'home, first visit', value: first / 1000, unit: 'KB', aim: '≤ 100' })
  tell({ name: '  requests', value: 1 + assets.length, unit: '' })
  tell({ name: 'home, later visit', value: home.bytes / 1000, unit: 'KB', aim: '≤ 15' })
}
