import { expect } from 'chai'
import { fork, type ChildProcess } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { MongoClient } from 'mongodb'
import { startTestStore, type TestStore } from '../store/support/store.js'

const program = new URL('./support/mortal.ts', import.meta.url)
const steps = ['step', 'step-end', 'listener', 'listener-end', 'job', 'job-end']

interface Outcome {
  readonly accepted: readonly string[]
  readonly packed: readonly Note[]
}

describe('a process that is killed', function () {
  this.timeout(180_000)
  const outcomes = new Map<string, Promise<Outcome>>()
  let store: TestStore

  // Side by side, since most of it is waiting for leases to end; each on a database of its own.
  before(async () => {
    store = await startTestStore()
    for (const step of steps) {
      const outcome = liveAndDie(store.uri.replace('/palier?', `/mortal-${step}?`), step)
      outcome.catch(() => undefined)
      outcomes.set(step, outcome)
    }
  })

  after(async () => {
    await Promise.allSettled(outcomes.values())
    await store.stop()
  })

  for (const step of steps) {
    it(`at "${step}" loses nothing that it accepted, and is made good within ten seconds`, async () => {
      const { accepted, packed } = (await outcomes.get(step)) ?? { accepted: [], packed: [] }
      expect(accepted, 'what was accepted before').to.have.length.of.at.least(2)
      expect(packed.map(({ _id }) => _id)).to.include.members(accepted.map(idOf))
      // At most what was under way when the process died, in three lanes, is done a second time.
      expect(packed.filter(({ times }) => times > 1)).to.have.length.at.most(3)
    })
  }
})

async function liveAndDie(uri: string, step: string): Promise<Outcome> {
  const accepted = await runUntilDeath(uri, step)
  const next = start(uri, '0', 'never')
  try {
    await ready(next)
    return { accepted, packed: await packedWithin(uri, accepted, 10_000) }
  } finally {
    await kill(next)
  }
}

const start = (uri: string, orders: string, diesAt: string): ChildProcess =>
  fork(program, [uri, orders, diesAt], { execArgv: ['--import', 'tsx'] })

async function runUntilDeath(uri: string, step: string): Promise<string[]> {
  const child = start(uri, '12', step)
  const accepted: string[] = []
  child.on('message', (said) => said !== 'ready' && accepted.push(String(said)))
  const signal = await new Promise((done) => child.once('exit', (_code, by) => done(by)))
  expect(signal, 'it dies where it was told to').to.equal('SIGKILL')
  return accepted
}

const ready = (child: ChildProcess): Promise<void> =>
  new Promise((done, fail) => {
    child.on('message', (said) => said === 'ready' && done())
    child.once('exit', (code) => fail(new Error(`it ended with ${code}`)))
  })

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise((done) => child.once('exit', done))
  child.kill('SIGKILL')
  await ended
}

interface Note {
  readonly _id: string
  readonly times: number
}

const idOf = (order: string): string => `packed:${order}`

async function packedWithin(
  uri: string,
  orders: readonly string[],
  milliseconds: number,
): Promise<Note[]> {
  const client = new MongoClient(uri)
  const until = Date.now() + milliseconds
  try {
    const notes = client.db().collection<Note>('mortal_notes')
    for (;;) {
      const found = await notes.find().toArray()
      const packed = new Set(found.map(({ _id }) => _id))
      if (orders.every((order) => packed.has(idOf(order))) || Date.now() > until) return found
      await wait(100)
    }
  } finally {
    await client.close()
  }
}
