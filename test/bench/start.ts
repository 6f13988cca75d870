import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '../support/ports.js'
import type { Bench } from './index.js'

const times = 5

/** From the command to a 200 of the home page, on a fresh copy and later; memory a minute after the last request. */
export const start: Bench = async (tell, options) => {
  const folder = mkdtempSync(join(tmpdir(), 'palier-start-'))
  copySources(folder)
  try {
    const first = await started(folder)
    tell({ name: 'first start', value: first.seconds, unit: 's', aim: '≤ 10' })
    await ended(first.child)
    const later: number[] = []
    for (let run = 0; run < times; run += 1) {
      const { child, seconds } = await started(folder)
      later.push(seconds)
      if (run === times - 1) {
        await wait(options.has('--quick') ? 10_000 : 60_000)
        tell({ name: 'memory (PSS)', value: memoryOf(child), unit: 'MB', aim: '≤ 150' })
      }
      await ended(child)
    }
    tell({ name: 'later start, median of five', value: median(later), unit: 's', aim: '≤ 2' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What a clone holds, and the packages beside it. */
function copySources(folder: string): void {
  const files = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).split('\n').filter(Boolean)
  for (const file of files) cpSync(file, join(folder, file))
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
}

async function started(folder: string): Promise<{ child: ChildProcess; seconds: number }> {
  const port = await freePort()
  const settings = { PORT: String(port), DATA_DIR: join(folder, 'data'), NODE_ENV: 'development' }
  const began = performance.now()
  const child = spawn(process.execPath, ['server/cli/palier.mjs', 'start'], {
    cwd: folder,
    env: { ...process.env, ...settings },
    stdio: 'ignore',
  })
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`Palier ended with ${child.exitCode}`)
    await wait(20)
  }
  return { child, seconds: (performance.now() - began) / 1000 }
}

const answers = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/`).then(
    ({ status }) => status === 200,
    () => false,
  )

async function ended(child: ChildProcess): Promise<void> {
  const gone = new Promise((done) => child.once('exit', done))
  child.kill('SIGTERM')
  await gone
}

/** Proportional set size of a process and of its children, in megabytes. */
function memoryOf({ pid = 0 }: ChildProcess): number {
  const kilobytes = [pid, ...childrenOf(pid)].map((one) => {
    const text = readFileSync(`/proc/${one}/smaps_rollup`, 'utf8')
    return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0)
  })
  return kilobytes.reduce((sum, one) => sum + one, 0) / 1024
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
      .split(' ')
      .filter(Boolean)
      .map(Number),
  )
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
