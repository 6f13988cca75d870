import type { ScormItem, Standard } from '../contract.js'
import { merge, parse, serialise } from './elements.js'
import { allowedChanges } from './guards.js'
import { owing } from './opening.js'
import { keepEarned, noResult, resultOf } from './results.js'
import type { Commit, Runtime, Sco, Scos } from './runtime.js'

/** State kept apart from the attempt's own: a replaced launch's, with what arrived for it afterwards. */
export interface KeptWork {
  readonly scos: Scos
  /** Sequence stored here per item. */
  readonly seqs: Readonly<Record<string, number>>
}

/** Adds a late commit to the state its launch had left. A commit that is there already changes nothing. */
export function withLateCommit(
  kept: KeptWork,
  commit: Commit,
  { standard, items, at }: { standard: Standard; items: readonly ScormItem[]; at: Date },
): KeptWork {
  if (commit.seq <= (kept.seqs[commit.sco] ?? 0)) return kept
  const before = kept.scos[commit.sco]
  const state = merge(parse(before?.cmi), commit.values)
  const latest = resultOf({ standard, item: items[commit.sco] }, state, commit.final)
  const sco: Sco = {
    cmi: serialise(state),
    final: commit.final,
    result: keepEarned(before?.result ?? noResult, latest),
    savedAt: at,
  }
  return {
    scos: { ...kept.scos, [commit.sco]: sco },
    seqs: { ...kept.seqs, [commit.sco]: commit.seq },
  }
}

/** Puts late work in place of an attempt's state, under a new epoch. What was earned stays; what is replaced is kept. */
export function takenOver(runtime: Runtime, late: Scos, at: Date): Runtime {
  const { live: _live, ...rest } = runtime
  const replaced = { epoch: runtime.epoch, scos: runtime.scos, at }
  return {
    ...rest,
    revision: runtime.revision + 1,
    epoch: runtime.epoch + 1,
    savedAt: at,
    scos: { ...runtime.scos, ...mapped(late, (sco, key) => overlaid(runtime.scos[key], sco)) },
    launches: runtime.launches.map((one) => (one.closedAt ? one : { ...one, closedAt: at })),
    closings: [...(runtime.closings ?? []), replaced],
    owed: owing(runtime, 'closings', 'progress', 'answers'),
  }
}

/** The late state whole, except that a status it may not take back stays. */
function overlaid(current: Sco | undefined, late: Sco): Sco {
  if (!current) return late
  const state = parse(late.cmi)
  const earned = parse(current.cmi)
  const { ignored } = allowedChanges(earned, state)
  const kept = new Map(ignored.map((path) => [path, earned.get(path) ?? '']))
  return {
    ...late,
    cmi: serialise(merge(state, kept)),
    result: keepEarned(current.result, late.result),
  }
}

const mapped = (scos: Scos, change: (sco: Sco, key: string) => Sco): Scos =>
  Object.fromEntries(Object.entries(scos).map(([key, sco]) => [key, change(sco, key)]))
