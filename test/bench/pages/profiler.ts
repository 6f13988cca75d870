import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { Profiler } from 'node:inspector'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { flameGraph } from './flame.js'
import { load } from './measuring.js'
import type { Subject } from './subjects.js'

const file = join(tmpdir(), `palier-${process.pid}.cpuprofile`)
const preload = new URL('./profiled.mjs', import.meta.url).href

/** What a Palier is started with that is to be looked into. */
export const profiled = { NODE_OPTIONS: `--import ${preload}`, PROFILE_FILE: file }

const [lanes, lengthMs] = [4, 4_000]

/** Draws a flame graph of what a process does while a subject is visited, into a folder, under the subject's name. */
export function profilerOf(pid: number, folder: string) {
  mkdirSync(folder, { recursive: true })
  return async ({ name, visit }: Subject): Promise<void> => {
    const visits = Array.from({ length: lanes }, (_, lane) => visit(lane))
    await load(visits, [pid], 500)
    process.kill(pid, 'SIGUSR2')
    await load(visits, [pid], lengthMs)
    process.kill(pid, 'SIGUSR2')
    while (!existsSync(file)) await wait(100)
    await wait(500)
    const profile = JSON.parse(readFileSync(file, 'utf8')) as Profiler.Profile
    rmSync(file)
    const place = join(folder, `${name.toLowerCase().replaceAll(' ', '-')}.svg`)
    writeFileSync(place, flameGraph(profile, name))
  }
}
