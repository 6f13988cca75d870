import { settle, type Settled, type Weighed } from './rules.js'

/** That a level changed, when, and what it followed from. */
export interface Change extends Settled {
  readonly at: Date
  readonly from: number
}

/**
 * How a level came about: the rule applied again at each moment at which evidence came or ended, the latest change
 * first. Nothing of it is stored, so that it always agrees with the evidence. Pure.
 */
export function historyOf(evidence: readonly Weighed[], until: Date): Change[] {
  const moments = new Set(
    evidence.flatMap(({ at, expiresAt }) => [
      Number(at),
      ...(expiresAt ? [Number(expiresAt)] : []),
    ]),
  )
  const changes: Change[] = []
  for (const moment of [...moments].filter((at) => at <= Number(until)).sort((a, b) => a - b)) {
    const at = new Date(moment)
    const from = changes.at(-1)?.level ?? 0
    const settled = settle(evidence, at)
    if (settled.level !== from) changes.push({ ...settled, at, from })
  }
  return changes.reverse()
}
