import type { Assurance, Evidence, Kind, Rule } from './models.js'

/** What evidence says of a level, and why. */
export interface Settled {
  /** 0 where nothing supports a level. */
  readonly level: number
  readonly rule: Rule
  readonly decidedBy?: string
  readonly self?: number
  /** When this stops holding without new evidence. */
  readonly expiresAt?: Date
}

export type Weighed = Pick<
  Evidence,
  '_id' | 'kind' | 'level' | 'at' | 'assurance' | 'expiresAt' | 'replaces'
>

const strength: Readonly<Record<Assurance, number>> = {
  declared: 0,
  'server-marked': 1,
  witnessed: 2,
  supervised: 3,
}

/**
 * The level that evidence supports at a moment. What was judged by others (an appraisal) decides from its date on:
 * the latest one counts, and a measurement after it may raise it, never lower it. Without an appraisal the highest
 * unexpired measurement counts. What a person says of themself is shown beside and fulfils no target. What was corrected
 * counts no more, nor does a correction that leaves no level. Pure; the order in which evidence arrives does not matter.
 */
export function settle(evidence: readonly Weighed[], at: Date): Settled {
  const current = counting(evidence, at)
  const self = latest(current, 'self')
  const appraisal = latest(current, 'appraisal')
  const measured = best(
    current.filter((one) => one.kind === 'measurement' && isAfter(one, appraisal)),
  )
  const decisive =
    !appraisal || (measured && measured.level > appraisal.level) ? measured : appraisal
  return {
    ...(decisive
      ? { level: decisive.level, rule: ruleFor(decisive, appraisal), decidedBy: decisive._id }
      : { level: 0, rule: 'nothing-yet' as const }),
    ...(self && { self: self.level }),
    ...(decisive?.expiresAt && { expiresAt: decisive.expiresAt }),
  }
}

function counting(evidence: readonly Weighed[], at: Date): readonly Weighed[] {
  const known = evidence.filter((one) => one.at <= at)
  const corrected = new Set(known.map(({ replaces }) => replaces))
  return known.filter(
    (one) =>
      (!one.expiresAt || one.expiresAt > at) &&
      !corrected.has(one._id) &&
      !(one.replaces && one.level === 0),
  )
}

function ruleFor({ kind }: Weighed, appraisal: Weighed | undefined): Rule {
  if (kind === 'appraisal') return 'latest-appraisal'
  return appraisal ? 'measured-since-appraisal' : 'highest-measured'
}

const isAfter = (one: Weighed, other: Weighed | undefined): boolean => !other || one.at >= other.at

function latest(evidence: readonly Weighed[], kind: Kind): Weighed | undefined {
  const ofKind = evidence.filter((one) => one.kind === kind)
  return ofKind.reduce<Weighed | undefined>(
    (best, one) => (best && compare(best, one) > 0 ? best : one),
    undefined,
  )
}

/** The same moment is decided by the stronger assurance, then by the id, so that every order gives one answer. */
function compare(one: Weighed, other: Weighed): number {
  return (
    Number(one.at) - Number(other.at) ||
    strength[one.assurance] - strength[other.assurance] ||
    (one._id > other._id ? 1 : -1)
  )
}

function best(evidence: readonly Weighed[]): Weighed | undefined {
  return evidence.reduce<Weighed | undefined>(
    (found, one) => (found && (found.level - one.level || compare(found, one)) > 0 ? found : one),
    undefined,
  )
}
