import { earliest, latest } from '../../platform/clock.js'
import type { Enrolment, JoinedCycles } from './models.js'

/**
 * Where two enrolments' cycles go. The kept account's stay what they are and the other's completed ones follow, so that
 * no completion is another's; what neither has completed is one cycle, in which the attempts of both count.
 */
export function joinedCycles(
  kept: Pick<Enrolment, 'status' | 'cycle'> | null,
  lost: Pick<Enrolment, 'status' | 'cycle'>,
): JoinedCycles {
  const done = isCompleted(lost) ? lost.cycle : lost.cycle - 1
  if (!kept) return { before: 0, done, top: lost.cycle }
  const goesOn = done > 0 && !isCompleted(kept) && !isCompleted(lost)
  return { before: kept.cycle, done, top: kept.cycle + done + (goesOn ? 1 : 0) }
}

/** Which cycle of the joined enrolment a cycle of the other account's becomes. */
export const cycleIn = ({ before, done, top }: JoinedCycles, cycle: number): number =>
  cycle <= done ? before + cycle : top

/** One enrolment of two: it stands as the one that was further along. */
export function joinedEnrolment(
  { _id, person }: Pick<Enrolment, '_id' | 'person'>,
  kept: Enrolment | null,
  lost: Enrolment,
): Enrolment {
  const { before, done, top } = joinedCycles(kept, lost)
  const { joining: _, dueAt: __, owed: ___, ...stands } = furthest(kept, lost)
  const begun = earliest([kept?.startedAt, lost.startedAt])
  const last = latest([kept?.lastAt, lost.lastAt])
  const due = dueOf(stands.status, kept, lost)
  return {
    ...stands,
    _id,
    person,
    cycle: top,
    ...(stands.enrolledBy === lost.person && { enrolledBy: person }),
    ...(begun && { startedAt: begun }),
    ...(last && { lastAt: last }),
    ...(due && { dueAt: due }),
    joining: { from: lost._id, before, done, top },
    revision: Math.max(kept?.revision ?? 0, lost.revision) + 1,
    ...(kept?.owed && { owed: kept.owed }),
  }
}

const order: readonly Enrolment['status'][] = [
  'refused',
  'ended',
  'requested',
  'active',
  'completed',
]

/** Completed before under way before asked for; of two that were completed, the later. */
function furthest(kept: Enrolment | null, lost: Enrolment): Enrolment {
  if (!kept) return lost
  const ahead = order.indexOf(lost.status) - order.indexOf(kept.status)
  const isLater = Number(lost.completedAt ?? 0) > Number(kept.completedAt ?? 0)
  return ahead > 0 || (ahead === 0 && isCompleted(kept) && isLater) ? lost : kept
}

/** Of those that stand as the joined one does, the earlier day. */
const dueOf = (status: Enrolment['status'], ...both: (Enrolment | null)[]): Date | undefined =>
  earliest(both.map((one) => (one?.status === status ? one.dueAt : undefined)))

const isCompleted = ({ status }: Pick<Enrolment, 'status'>): boolean => status === 'completed'
