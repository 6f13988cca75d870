import { performance } from 'node:perf_hooks'

/** A read works this long before it lets the others in. */
const SLICE_MS = 2

let end = Infinity

/** Begins a piece of work that is to pause when its time is over. */
export function beginSlice(lengthMs = SLICE_MS): void {
  end = performance.now() + lengthMs
}

/** What follows, a write for one, has all the time it needs. */
export function endSlice(): void {
  end = Infinity
}

/** Whether the others have waited long enough; work that can pause asks this every now and then. */
export function isSliceOver(): boolean {
  return performance.now() >= end
}
