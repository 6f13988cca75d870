import { addDays, addMonths, dayAt, endOfDay } from './days.js'

/** The next time a course is to be taken: from when it can be, and until when it must. */
export interface NextCycle {
  readonly opensAt: Date
  readonly dueAt: Date
}

/** How long before it is due the next cycle opens, at most. */
const opensDaysBefore = 60

/**
 * When a course that was completed is to be taken again, so many months later: due at the end of that day where the
 * person lives, and open for some weeks before; never so early that the one before would still be under way.
 */
export function nextCycle(completedAt: Date, months: number, timeZone: string): NextCycle {
  const completedOn = dayAt(completedAt, timeZone)
  const dueOn = addMonths(completedOn, months)
  const half = addDays(completedOn, months * 15)
  const early = addDays(dueOn, -opensDaysBefore)
  const opensOn = early > half ? early : half
  return { opensAt: endOfDay(addDays(opensOn, -1), timeZone), dueAt: endOfDay(dueOn, timeZone) }
}
