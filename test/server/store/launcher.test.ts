import { expect } from 'chai'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { MongoClient } from 'mongodb'
import { startStore, type RunningStoreProcess } from '../../../server/store/launcher.js'
import { lockDirectory } from '../../../server/store/lock.js'
import { startTestApp } from '../../support/app.js'

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function until(holds: () => boolean | Promise<boolean>, within = 30_000): Promise<void> {
  const end = Date.now() + within
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it did not happen in time')
    await wait(20)
  }
}

/** The process that holds a store's directory says so itself. */
const ownerOf = (directory: string): Promise<number> =>
  new Promise((done, fail) => {
    const socket = connect(join(directory, 'lock'))
    socket.once('data', (chunk) => done(Number(chunk.toString())))
    socket.once('error', fail)
  })

describe('The store’s process', function () {
  this.timeout(300_000)
  let directory: string
  let store: RunningStoreProcess | undefined

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'palier-launch-'))
  })

  afterEach(async () => {
    await store?.stop()
    store = undefined
    rmSync(directory, { recursive: true, force: true })
  })

  it('is started again when it dies, and the driver goes on with what was stored', async () => {
    const events: string[] = []
    store = await startStore({
      dataDir: directory,
      onDown: () => events.push('down'),
      onUp: () => events.push('up'),
    })
    const client = new MongoClient(store.uri)
    await client.db().collection('a').insertOne({ n: 1 })
    const first = store.pid
    process.kill(first ?? 0, 'SIGKILL')
    await until(() => events.includes('up'))
    expect(events).to.deep.equal(['down', 'up'])
    expect(store.pid).to.not.equal(first)
    expect(await client.db().collection('a').countDocuments()).to.equal(1)
    await client.close()
  })

  it('refuses a second process on the same directory, by the first one’s number', async () => {
    store = await startStore({ dataDir: directory })
    const error: unknown = await startStore({ dataDir: directory }).catch(
      (thrown: unknown) => thrown,
    )
    expect(String(error)).to.contain(`process ${store.pid}`)
  })

  it('ends on SIGTERM without an error, and leaves no socket behind', async () => {
    store = await startStore({ dataDir: directory })
    const { pid = 0, socketPath } = store
    await store.stop()
    expect(isAlive(pid)).to.equal(false)
    expect(existsSync(socketPath)).to.equal(false)
  })

  it('ends itself when its parent is killed', async () => {
    const launcher = new URL('../../../server/store/launcher.ts', import.meta.url).href
    const script = `import(${JSON.stringify(launcher)}).then(({ startStore }) => startStore({ dataDir: ${JSON.stringify(directory)} })).then((s) => console.log(s.pid))`
    const parent = spawn(process.execPath, ['--import', 'tsx', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [said] = (await once(parent.stdout, 'data')) as [Buffer]
    const orphan = Number(said.toString())
    expect(isAlive(orphan)).to.equal(true)
    parent.kill('SIGKILL')
    await until(() => !isAlive(orphan))
  })

  it('has a short socket path in a deep directory', async () => {
    const deep = join(directory, 'x'.repeat(100))
    store = await startStore({ dataDir: deep })
    expect(Buffer.byteLength(store.socketPath)).to.be.below(108)
    const client = new MongoClient(store.uri)
    expect((await client.db().command({ ping: 1 })).ok).to.equal(1)
    await client.close()
  })
})

describe('palier store', function () {
  this.timeout(300_000)
  let directory: string
  const running: ChildProcess[] = []

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'palier-alone-'))
  })

  afterEach(async () => {
    for (const child of running.splice(0))
      if (child.exitCode === null) await ended(child, 'SIGKILL')
    rmSync(directory, { recursive: true, force: true })
  })

  function palierStore(listen: string): ChildProcess {
    const command = fileURLToPath(new URL('../../../server/cli/palier.mjs', import.meta.url))
    const child = spawn(
      process.execPath,
      [command, 'store', '--listen', listen, '--data', join(directory, 'data')],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    running.push(child)
    return child
  }

  const said = async (from: Readable | null): Promise<string> => {
    const [chunk] = from === null ? [] : ((await once(from, 'data')) as [Buffer])
    return String(chunk).trim()
  }
  const ended = async (child: ChildProcess, signal: NodeJS.Signals): Promise<unknown> => {
    const exit = once(child, 'exit')
    child.kill(signal)
    return (await exit)[0] as unknown
  }

  for (const [what, listen] of [
    ['a port of this machine', () => '127.0.0.1:0'],
    ['a socket', () => join(directory, 'own.sock')],
  ] as const)
    it(`serves alone on ${what}, says where, and ends cleanly`, async () => {
      const child = palierStore(listen())
      const client = new MongoClient(await said(child.stdout))
      await client.db('a').collection('a').insertOne({ n: 1 })
      expect(await client.db('a').collection('a').countDocuments()).to.equal(1)
      await client.close()
      expect(await ended(child, 'SIGTERM')).to.equal(0)
    })

  it('refuses a directory that another one serves, by that one’s number', async () => {
    const first = palierStore('127.0.0.1:0')
    await said(first.stdout)
    const second = palierStore('127.0.0.1:0')
    const exit = once(second, 'exit')
    expect(await said(second.stderr)).to.contain(`process ${first.pid}`)
    expect((await exit)[0]).to.equal(1)
  })
})

describe('Palier while its store is away', function () {
  this.timeout(300_000)

  it('answers 503 in the reader’s language, and goes on when the store is back', async function () {
    if (process.env.MONGODB_URI) this.skip()
    const { anonymous, dataDir } = await startTestApp()
    const directory = join(dataDir, 'store')
    const pid = await ownerOf(directory)
    process.kill(pid, 'SIGKILL')
    const lock = await heldLock(directory)
    try {
      await until(async () => (await anonymous.get('/sign-in')).status === 503)
      const problem = await anonymous.get('/sign-in')
      expect(problem.json).to.include({ status: 503, code: 'core:store-unavailable' })
      expect(problem.headers.get('retry-after')).to.match(/^\d+$/)
      const page = await anonymous.get('/sign-in', { accept: 'text/html', 'accept-language': 'fr' })
      expect(page.status).to.equal(503)
      expect(page.text).to.contain('La base de données ne répond pas')
      expect((await anonymous.get('/health')).status).to.equal(200)
      expect((await anonymous.get('/ready')).status).to.equal(503)
    } finally {
      lock.release()
    }
    await until(async () => (await anonymous.get('/ready')).status === 200)
    expect((await anonymous.get('/sign-in', { accept: 'text/html' })).status).to.equal(200)
  })
})

/** Holds the directory, so that the store cannot come back before the test has looked. */
async function heldLock(directory: string): Promise<{ release(): void }> {
  for (;;) {
    const lock = await lockDirectory(directory).catch(() => undefined)
    if (lock) return lock
    const owner = await ownerOf(directory).catch(() => undefined)
    if (owner !== undefined && owner !== process.pid) process.kill(owner, 'SIGKILL')
  }
}
