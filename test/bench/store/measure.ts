import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'

const WARM_MS = 300
const MEASURE_MS = 1500

/** Operations a second with so many in flight; `act` is given a number of its own each time. */
export async function perSecond(
  inFlight: number,
  act: (n: number) => Promise<unknown>,
): Promise<number> {
  let n = 0
  const runFor = async (ms: number): Promise<number> => {
    const end = performance.now() + ms
    let done = 0
    const lane = async (): Promise<void> => {
      while (performance.now() < end) {
        n += 1
        await act(n)
        done += 1
      }
    }
    const start = performance.now()
    await Promise.all(Array.from({ length: inFlight }, lane))
    return (done / (performance.now() - start)) * 1000
  }
  await runFor(WARM_MS)
  return runFor(MEASURE_MS)
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
