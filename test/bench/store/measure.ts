import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'

const SLICE_MS = 250
const SLICES = 7

/** One side of a comparison; `act` is given a number of its own each time. */
export type Act = (n: number) => Promise<unknown>

/**
 * Operations a second of each side, with so many in flight. The sides take turns, and each one's best slice counts: what
 * else the machine does only ever takes away.
 */
export async function rates(inFlight: number, acts: readonly Act[]): Promise<number[]> {
  const found = acts.map(() => 0)
  let n = 0
  const slice = async (act: Act): Promise<number> => {
    const start = performance.now()
    let done = 0
    const lane = async (): Promise<void> => {
      while (performance.now() < start + SLICE_MS) {
        n += 1
        await act(n)
        done += 1
      }
    }
    await Promise.all(Array.from({ length: inFlight }, lane))
    return (done / (performance.now() - start)) * 1000
  }
  for (let turn = 0; turn < SLICES; turn += 1)
    for (const [at, act] of acts.entries()) found[at] = Math.max(found[at] ?? 0, await slice(act))
  return found
}

/** Milliseconds of one run, the best of a few: what else the machine does only ever adds. */
export async function best(act: () => Promise<unknown>, times = 5): Promise<number> {
  let least = Infinity
  for (let run = 0; run < times; run += 1) {
    const start = performance.now()
    await act()
    least = Math.min(least, performance.now() - start)
  }
  return least
}

/** The value below which so many of the measurements lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

/** Megabytes of memory that are a process's own share (PSS). */
export function memoryOf(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024
}
