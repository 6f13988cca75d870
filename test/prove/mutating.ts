import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Mutation } from './mutations.js'

const copied = [
  ...['server', 'plugins', 'views', 'content', 'test'],
  ...['package.json', 'package-lock.json', 'tsconfig.json'],
]

/** What a test says with its defence, and without it. */
export interface Verdict {
  readonly green: boolean
  readonly red: boolean
}

/** A copy of the product from which defences are taken away, one at a time, and put back. */
export function makeCopy(): { judge(mutation: Mutation): Verdict; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'palier-prove-'))
  for (const name of copied) cpSync(name, join(folder, name), { recursive: true })
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  return {
    judge: (mutation) => ({ green: passes(folder, mutation.test), red: goesRed(folder, mutation) }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function goesRed(folder: string, { file, from, to, test }: Mutation): boolean {
  const path = join(folder, file)
  const text = readFileSync(path, 'utf8')
  if (text.split(from).length !== 2) throw new Error(`${file} does not hold once: ${from}`)
  writeFileSync(
    path,
    text.replace(from, () => to),
  )
  const red = !passes(folder, test)
  writeFileSync(path, text)
  return red
}

function passes(folder: string, test: string): boolean {
  const env = { ...process.env, NODE_ENV: 'test', LOG_LEVEL: 'silent' }
  const words = ['test/run.mjs', test, '--retries=0', '--bail']
  const { status } = spawnSync(process.execPath, words, { cwd: folder, env, stdio: 'ignore' })
  return status === 0
}
