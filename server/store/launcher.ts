import { fork, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { MAX_SOCKET_PATH } from './lock.js'

const READY_MS = 30_000
const STOP_MS = 10_000
const FIRST_BACK_OFF_MS = 100
const LONGEST_BACK_OFF_MS = 10_000
/** Having lived this long, a process that dies is started again at once. */
const STABLE_MS = 30_000

/** What the launcher tells of the store's life. */
export type StoreLog = (level: 'info' | 'warn' | 'error', message: string) => void

/** How the store's process is started. */
export interface StartOptions {
  readonly dataDir: string
  readonly log?: StoreLog
  /** Called when the store's process has died and is being started again. */
  readonly onDown?: () => void
  /** Called when it answers again. */
  readonly onUp?: () => void
  /** Lets tests ask for failures with `configureFailPoint`. */
  readonly testCommands?: boolean
}

/** The store's process, kept running. */
export interface RunningStoreProcess {
  readonly uri: string
  readonly socketPath: string
  /** The process of the moment; it changes when the store had to be started again. */
  readonly pid: number | undefined
  stop(): Promise<void>
}

/** Starts the store as a process of its own, waits until it answers, and keeps it running. */
export async function startStore(options: StartOptions): Promise<RunningStoreProcess> {
  const begun = early?.dataDir === resolve(options.dataDir) ? early : undefined
  early = undefined
  const keeper = begun?.keeper ?? keeperOf(options)
  keeper.heed(options)
  await (begun?.started ?? keeper.start())
  return keeper
}

interface Early {
  readonly dataDir: string
  readonly keeper: Keeper
  readonly started: Promise<void>
}

let early: Early | undefined

/** Lets the store's process begin while the program is still being loaded; `startStore` takes it over. */
export function beginStore(options: StartOptions): void {
  const keeper = keeperOf(options)
  const started = keeper.start()
  // Whoever takes it over is told.
  started.catch(() => undefined)
  early = { dataDir: resolve(options.dataDir), keeper, started }
}

function keeperOf(options: StartOptions): Keeper {
  const directory = resolve(options.dataDir)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  return new Keeper(options, { directory, listen: socketPathFor(directory) })
}

/** Where a store listens: in its directory, or in a short one when that lies too deep. */
export function socketPathFor(dataDir: string): string {
  const path = join(dataDir, 'store.sock')
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH) return path
  const directory = join(tmpdir(), `palier-${String(userInfo().uid)}`)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  chmodSync(directory, 0o700)
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16)
  return join(directory, `${name}.sock`)
}

/** The address by which drivers reach a store on a unix socket. */
export function uriFor(socketPath: string): string {
  return `mongodb://${encodeURIComponent(socketPath)}/palier?directConnection=true`
}

interface Orders {
  readonly directory: string
  readonly listen: string
}

interface Answer {
  readonly ready?: boolean
  readonly failed?: string
}

class Keeper implements RunningStoreProcess {
  readonly uri: string
  readonly socketPath: string
  #options: StartOptions
  readonly #orders: Orders
  #child: ChildProcess | undefined
  #isStopping = false
  #backOff = FIRST_BACK_OFF_MS
  #timer: NodeJS.Timeout | undefined

  constructor(options: StartOptions, orders: Orders) {
    this.#options = options
    this.#orders = orders
    this.socketPath = orders.listen
    this.uri = uriFor(orders.listen)
  }

  /** From now on these are told of its life. */
  heed(options: StartOptions): void {
    this.#options = options
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  async start(): Promise<void> {
    const child = this.#fork()
    this.#child = child
    const startedAt = Date.now()
    await ready(child)
    this.#log('info', `The store is ready (process ${String(child.pid)}).`)
    child.once('exit', (code, signal) => {
      this.#died({ how: signal ?? `code ${String(code)}`, lived: Date.now() - startedAt })
    })
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    clearTimeout(this.#timer)
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise<void>((done) => {
      child.once('exit', () => {
        done()
      })
    })
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    await ended
    clearTimeout(timer)
  }

  #fork(): ChildProcess {
    const orders = { ...this.#orders, testCommands: this.#options.testCommands === true }
    const { entry, execArgv } = program()
    const child = fork(entry, [], {
      execArgv,
      env: { ...process.env, PALIER_STORE: JSON.stringify(orders) },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#log('error', chunk.toString().trimEnd())
    })
    return child
  }

  #died({ how, lived }: { how: string; lived: number }): void {
    if (this.#isStopping) return
    if (lived > STABLE_MS) this.#backOff = FIRST_BACK_OFF_MS
    this.#log('error', `The store ended (${how}); it is started again.`)
    this.#options.onDown?.()
    this.#restartLater()
  }

  #restartLater(): void {
    const wait = this.#backOff
    this.#backOff = Math.min(this.#backOff * 2, LONGEST_BACK_OFF_MS)
    this.#timer = setTimeout(() => {
      this.start().then(
        () => this.#options.onUp?.(),
        (error: unknown) => {
          this.#log('error', error instanceof Error ? error.message : String(error))
          if (!this.#isStopping) this.#restartLater()
        },
      )
    }, wait)
  }

  #log(level: 'info' | 'warn' | 'error', message: string): void {
    this.#options.log?.(level, message)
  }
}

/** The store's program beside this file: built JavaScript, or its source under tsx. */
function program(): { entry: string; execArgv: string[] } {
  const memory = ['--max-semi-space-size=4', '--single-threaded-gc']
  const built = fileURLToPath(new URL('./main.js', import.meta.url))
  if (existsSync(built)) return { entry: built, execArgv: memory }
  const source = fileURLToPath(new URL('./main.ts', import.meta.url))
  // Tests load this file as CommonJS, where `import.meta.resolve` does not exist.
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  return { entry: source, execArgv: [...memory, '--import', tsx] }
}

/** Waits for the child's first word; throws what it says went wrong. */
function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolveReady, reject) => {
    const fail = (message: string): void => {
      clearTimeout(timer)
      child.kill('SIGKILL')
      reject(new Error(message))
    }
    const timer = setTimeout(() => {
      fail(`The store did not answer within ${String(READY_MS / 1000)} s.`)
    }, READY_MS)
    child.once('message', (answer: Answer) => {
      if (answer.ready !== true) fail(answer.failed ?? 'The store could not start.')
      clearTimeout(timer)
      resolveReady()
    })
    child.once('exit', (code, signal) => {
      fail(`The store ended before it was ready (${signal ?? `code ${String(code)}`}).`)
    })
  })
}
