import { earliest } from '../../platform/clock.js'
import { addDays, dayAt, endOfDay, type Day } from './days.js'

/** When what is assigned is due: on a day for everybody, at a moment, or so many days after one arrives. */
export type Due = { readonly day: Day } | { readonly at: Date } | { readonly days: number }

/** Since when an assignment has concerned a person. */
export interface Arrival {
  readonly due?: Due | undefined
  readonly arrivedAt: Date
}

/** When it is due for one person: at the end of the day where the person lives. Nothing where no date was set. */
export function dueAtOf({ due, arrivedAt }: Arrival, timeZone: string): Date | undefined {
  if (!due) return undefined
  if ('at' in due) return due.at
  const day = 'day' in due ? due.day : addDays(dayAt(arrivedAt, timeZone), due.days)
  return endOfDay(day, timeZone)
}

/** Of several assignments of one course the earliest date holds. */
export function earliestDue(arrivals: readonly Arrival[], timeZone: string): Date | undefined {
  return earliest(arrivals.map((arrival) => dueAtOf(arrival, timeZone)))
}
