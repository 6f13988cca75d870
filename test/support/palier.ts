import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from './ports.js'

/** A Palier that runs as an institution runs it: the built program, in processes of its own. */
export interface Palier {
  readonly url: string
  readonly dataDir: string
  readonly pid: number
  /** What it has printed. */
  output(): string
  /** Ends it as an operator does, and waits until it is gone. Its data stays. */
  stop(): Promise<void>
  /** Ends it as a power cut does. */
  kill(): Promise<void>
}

export interface PalierOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Data of an earlier run to go on with, and its port. */
  readonly again?: Pick<Palier, 'dataDir' | 'url'>
}

const folders = new Set<string>()
const program = resolve('server/cli/palier.mjs')

/** Starts one on a port of its own with the demo institution, and waits until it answers. Throws what it printed otherwise. */
export async function startPalier({ env = {}, again }: PalierOptions = {}): Promise<Palier> {
  const dataDir = again?.dataDir ?? mkdtempSync(join(tmpdir(), 'palier-run-'))
  folders.add(dataDir)
  const port = again ? Number(new URL(again.url).port) : await freePort()
  const settings = {
    PORT: String(port),
    DATA_DIR: dataDir,
    NODE_ENV: 'development',
    LOG_LEVEL: 'warn',
  }
  const child = spawn(process.execPath, [program, 'start'], {
    env: { ...process.env, ...settings, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  const url = `http://localhost:${port}`
  await answering(child, `http://127.0.0.1:${port}/ready`, () => printed)
  return {
    url,
    dataDir,
    pid: child.pid ?? 0,
    output: () => printed,
    stop: () => end(child, 'SIGTERM'),
    kill: () => end(child, 'SIGKILL'),
  }
}

/** Removes the data of every Palier that was started; they must have ended. */
export function removeData(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  folders.clear()
}

async function answering(
  child: ChildProcess,
  address: string,
  printed: () => string,
): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 100) {
    if (child.exitCode !== null) throw new Error(`Palier ended before it answered:\n${printed()}`)
    const status = await fetch(address).then(
      (response) => response.status,
      () => 0,
    )
    if (status === 200) return
    await wait(100)
  }
  child.kill('SIGKILL')
  throw new Error(`Palier did not answer within a minute:\n${printed()}`)
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise<void>((done) => child.once('exit', () => done()))
  child.kill(signal)
  await gone
}
