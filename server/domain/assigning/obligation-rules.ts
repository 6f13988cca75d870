import type { Id } from '../../kernel/contract.js'
import { earliest, latest } from '../../platform/clock.js'
import type { Enrolment } from '../learning/enrolments.js'
import { earliestDue } from './due.js'
import type { Assignment, Obligation } from './models.js'
import { nextCycle } from './recurrence.js'
import { reminderAfter, type WorkingDays } from './reminder-times.js'

/** An assignment that concerns a person, and since when. */
export interface Source {
  readonly assignment: Pick<Assignment, '_id' | 'due' | 'months'>
  readonly arrivedAt: Date
}

/** All that an obligation is worked out from. */
export interface Facts {
  readonly at: Date
  readonly person: Id
  readonly course: Id
  readonly active: boolean
  readonly units: readonly Id[]
  readonly manager: Id | null
  readonly timeZone: string
  readonly working: WorkingDays
  readonly sources: readonly Source[]
  readonly enrolment: Pick<Enrolment, 'status' | 'cycle' | 'dueAt' | 'completedAt'> | undefined
  readonly before: Obligation | undefined
}

/** An obligation without what only storing knows. */
export type Worked = Omit<Obligation, '_id' | 'revision' | 'owed'>

/**
 * What a person owes of a course now. Pure, and the same again when worked out again. Undefined where nobody ever asked
 * anything. What was met stays met; an exemption holds until it ends; who is asked anew begins anew.
 */
export function obligationNow(facts: Facts): Worked | undefined {
  const { before, sources, person, course, units, manager } = facts
  const given = facts.active ? givenDate(facts) : undefined
  const asked = facts.active && (sources.length > 0 || given !== undefined)
  if (!asked && !before) return undefined
  const completedAt = facts.enrolment?.completedAt ?? before?.completedAt
  const wanted = asked ? wantedNow(facts, { given, completedAt }) : lifted(facts)
  return {
    person,
    course,
    units,
    manager,
    sources: sources.map(({ assignment, arrivedAt }) => ({
      assignment: assignment._id,
      arrivedAt,
    })),
    ...(given && { given }),
    ...(completedAt && { completedAt }),
    ...wanted,
    ...kept(before, wanted),
    ...reminders(facts, wanted),
  }
}

type Wanted = Pick<Obligation, 'status' | 'cycle' | 'dueAt' | 'wakeAt' | 'openedAt'>

const lifted = ({ before }: Facts): Wanted => ({ status: 'lifted', cycle: before?.cycle ?? 1 })

function wantedNow(
  facts: Facts,
  { given, completedAt }: { given: Date | undefined; completedAt: Date | undefined },
): Wanted {
  const { at, before, enrolment, sources, timeZone } = facts
  const arrivals = sources.map(({ assignment, arrivedAt }) => ({ due: assignment.due, arrivedAt }))
  const firstDue = earliest([earliestDue(arrivals, timeZone), given])
  const months = sources.flatMap((source) => source.assignment.months ?? [])
  const next =
    completedAt && months.length > 0
      ? nextCycle(completedAt, Math.min(...months), timeZone)
      : undefined
  const cycle = enrolment?.cycle ?? before?.cycle ?? 1
  if (enrolment?.status === 'completed' && (!next || at < next.opensAt)) {
    return { status: 'met', cycle, ...(next && { wakeAt: next.opensAt }) }
  }
  const dueAt = latest([next?.dueAt, firstDue])
  return open(facts, { cycle: enrolment?.status === 'completed' ? cycle + 1 : cycle, dueAt })
}

function open(
  { at, before }: Facts,
  { cycle, dueAt }: { cycle: number; dueAt: Date | undefined },
): Wanted {
  const until = before?.exemption?.until
  if (before?.exemption && (!until || until > at)) {
    return { status: 'exempt', cycle, ...(until && { wakeAt: until }) }
  }
  const same = before?.status === 'open' && before.cycle === cycle
  const due = dueAt && latest([dueAt, until])
  return {
    status: 'open',
    cycle,
    openedAt: (same && before.openedAt) || at,
    ...(due && { dueAt: due }),
  }
}

/** A date the enrolment has that did not come from here was set by whoever enrolled. */
function givenDate({ before, enrolment }: Facts): Date | undefined {
  if (before?.owed) return before.given
  const set = enrolment?.status === 'active' ? enrolment.dueAt : undefined
  return set && Number(set) !== Number(before?.dueAt) ? set : before?.given
}

const kept = (before: Obligation | undefined, { status }: Wanted): Partial<Worked> => ({
  ...(before?.remindedOn && { remindedOn: before.remindedOn }),
  ...(before?.exemption && { exemption: before.exemption }),
  ...(status === 'open' && before?.asked && { asked: before.asked }),
})

/** A reminder that is planned stays planned while the date is the same; one that somebody asked for, in any case. */
function reminders(
  { at, before, timeZone, working }: Facts,
  { status, dueAt }: Wanted,
): Pick<Worked, 'remindAt'> {
  if (status !== 'open') return {}
  const unchanged = before?.status === 'open' && Number(before.dueAt) === Number(dueAt)
  if (before && (unchanged || before.asked))
    return before.remindAt ? { remindAt: before.remindAt } : {}
  const next = dueAt && reminderAfter(at, { dueAt, timeZone, working })
  return next ? { remindAt: next.at } : {}
}
