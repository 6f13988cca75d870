import { isSliceOver } from '../slices.js'
import type { Steps } from '../commands/command.js'

/** Items that are sorted in one go. */
const RUN = 256
/** Items merged between two looks at the clock. */
const ITEMS_PER_LOOK = 128

type Compare<T> = (a: T, b: T) => number

/** Sorts as `Array.prototype.sort` does, equal items in their order, and lets others in meanwhile. */
export function* sortStepwise<T>(items: readonly T[], compare: Compare<T>): Steps<T[]> {
  let runs: T[][] = []
  for (let at = 0; at < items.length; at += RUN) {
    runs.push(items.slice(at, at + RUN).sort(compare))
    if (isSliceOver()) yield undefined
  }
  while (runs.length > 1) {
    const merged: T[][] = []
    for (let at = 0; at < runs.length; at += 2)
      merged.push(yield* merge(runs[at] ?? [], runs[at + 1] ?? [], compare))
    runs = merged
  }
  return runs[0] ?? []
}

function* merge<T>(left: readonly T[], right: readonly T[], compare: Compare<T>): Steps<T[]> {
  const merged: T[] = []
  let [fromLeft, fromRight] = [0, 0]
  while (fromLeft < left.length && fromRight < right.length) {
    const [a, b] = [left[fromLeft] as T, right[fromRight] as T]
    const isLeftNext = compare(a, b) <= 0
    merged.push(isLeftNext ? a : b)
    if (isLeftNext) fromLeft += 1
    else fromRight += 1
    if (merged.length % ITEMS_PER_LOOK === 0 && isSliceOver()) yield undefined
  }
  return merged.concat(left.slice(fromLeft), right.slice(fromRight))
}
