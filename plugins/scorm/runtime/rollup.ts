import type { ScormItem } from '../contract.js'
import { noResult, type Completion, type Result, type Score, type Success } from './results.js'
import { totalSeconds, type Runtime } from './runtime.js'

/** One entry of the table of contents with what it has come to. */
export interface ItemProgress {
  readonly sco: number
  readonly title: string
  readonly depth: number
  readonly result: Result
  readonly seconds: number
}

/** A package as a whole. */
export interface PackageProgress extends Result {
  readonly totalSeconds: number
  readonly items: readonly ItemProgress[]
}

/** Rolls the items of a package up: all that count must be completed, none failed; scores by their weight. */
export function rollUp(runtime: Runtime, items: readonly ScormItem[]): PackageProgress {
  const entries = items.flatMap((item, sco) =>
    item.launch ? [{ item, sco, result: runtime.scos[sco]?.result ?? noResult }] : [],
  )
  const completion = completionOf(entries)
  const score = scoreOf(entries)
  return {
    completion,
    success: successOf(entries, completion),
    ...(score && { score }),
    totalSeconds: Math.round(
      entries.reduce((sum, { sco }) => sum + totalSeconds(runtime, String(sco)), 0),
    ),
    items: entries.map(({ item, sco, result }) => ({
      sco,
      title: item.title,
      depth: item.depth,
      result,
      seconds: Math.round(totalSeconds(runtime, String(sco))),
    })),
  }
}

interface Entry {
  readonly item: ScormItem
  readonly result: Result
}

function completionOf(entries: readonly Entry[]): Completion {
  const counting = entries.filter(({ item }) => item.countsForCompletion)
  const judged = counting.length > 0 ? counting : entries
  if (judged.every(({ result }) => result.completion === 'completed')) return 'completed'
  const begun = entries.some(({ result }) => result.completion !== 'not-attempted')
  return begun ? 'incomplete' : 'not-attempted'
}

/** A package of reading and one test is passed by the test; but not before all of it is done. */
function successOf(entries: readonly Entry[], completion: Completion): Success {
  const known = entries
    .filter(({ item }) => item.countsForSuccess)
    .map(({ result }) => result.success)
    .filter((success) => success !== 'unknown')
  if (known.includes('failed')) return 'failed'
  return known.length > 0 && completion === 'completed' ? 'passed' : 'unknown'
}

function scoreOf(entries: readonly Entry[]): Score | undefined {
  const scored = entries.filter(({ result }) => result.score !== undefined)
  const [only] = scored
  if (!only || entries.length === 1) return only?.result.score

  const weighed = scored.filter(
    ({ item, result }) => item.weight > 0 && result.score?.scaled !== undefined,
  )
  const weight = weighed.reduce((sum, { item }) => sum + item.weight, 0)
  if (weight === 0) return undefined
  const sum = weighed.reduce(
    (all, { item, result }) => all + item.weight * (result.score?.scaled ?? 0),
    0,
  )
  return { scaled: Math.round((sum / weight) * 10_000) / 10_000 }
}
