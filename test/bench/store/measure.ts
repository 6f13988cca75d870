import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'

const SLICE_MS = 250
const SLICES = 7

/** One side of a comparison; `act` is given a number of its own each time. */
export type Act = (n: number) => Promise<unknown>

/** Does as much as it can for a short while, and gives back how much that is in a second. */
export type Slice = (lengthMs: number) => number | Promise<number>

/** Does one thing again and again, so many at a time. */
export function inFlight(count: number, act: Act): Slice {
  let n = 0
  return async (lengthMs) => {
    const start = performance.now()
    let done = 0
    const lane = async (): Promise<void> => {
      while (performance.now() < start + lengthMs) {
        n += 1
        await act(n)
        done += 1
      }
    }
    await Promise.all(Array.from({ length: count }, lane))
    return (done / (performance.now() - start)) * 1000
  }
}

/** How much each side does in a second. They take turns, and each one's best turn counts: what else the machine does only takes away. */
export async function rates(sides: readonly Slice[]): Promise<number[]> {
  const found = sides.map(() => 0)
  for (let turn = 0; turn < SLICES; turn += 1)
    for (const [at, side] of sides.entries())
      found[at] = Math.max(found[at] ?? 0, await side(SLICE_MS))
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
