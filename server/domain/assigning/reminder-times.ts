import { addDays, atHour, dayAt, hourAt, weekdayOf, type Day } from './days.js'

/** When nobody is to be reminded: the days of the week and the days of the year on which an institution rests. */
export interface WorkingDays {
  /** 0 for Sunday. */
  readonly restDays: readonly number[]
  readonly holidays: readonly Day[]
}

/** A reminder that is to come: which it is, and when. */
export interface Reminder {
  /** Days from the due day: negative before it. */
  readonly slot: number
  readonly at: Date
}

export interface Reminding {
  readonly dueAt: Date
  readonly timeZone: string
  readonly working: WorkingDays
}

/** Days before and after the due day on which one is reminded. */
export const reminderSlots = [-14, -3, 1, 7, 14] as const
/** The hours, where the person lives, between which anybody is reminded; by itself it happens at the first. */
export const firstHour = 9
const lastHour = 18
/** A year of nothing but holidays is a mistake, and no reason to look for ever. */
const farthest = 366

/**
 * All reminders of one due date in order, at most one a day, at a fixed hour of working days where the person lives. One
 * that falls on a day of rest comes earlier when it is to warn, later when it is to press.
 */
export function remindersFor({ dueAt, timeZone, working }: Reminding): Reminder[] {
  const dueOn = dayAt(dueAt, timeZone)
  const days = new Map<Day, number>()
  for (const slot of reminderSlots) {
    const day = workingDay(addDays(dueOn, slot), slot < 0 ? -1 : 1, working)
    if (day && (slot > 0 || !days.has(day))) days.set(day, slot)
  }
  return [...days]
    .map(([day, slot]) => ({ slot, at: atHour(day, firstHour, timeZone) }))
    .filter(({ slot, at }) => slot < 0 === at <= dueAt)
    .toSorted((a, b) => Number(a.at) - Number(b.at))
}

/** The next reminder strictly after a moment. */
export const reminderAfter = (moment: Date, reminding: Reminding): Reminder | undefined =>
  remindersFor(reminding).find(({ at }) => at > moment)

/** The last reminder that was to have come by a moment: what a standstill missed is made up for by one. */
export const reminderBefore = (moment: Date, reminding: Reminding): Reminder | undefined =>
  remindersFor(reminding).findLast(({ at }) => at <= moment)

/** The moment itself where somebody may be reminded at it, else the first such moment after it. */
export function whenAllowed(
  moment: Date,
  { timeZone, working }: Pick<Reminding, 'timeZone' | 'working'>,
): Date | undefined {
  const today = dayAt(moment, timeZone)
  const hour = hourAt(moment, timeZone)
  if (isWorking(today, working) && hour >= firstHour && hour < lastHour) return moment
  const from = hour < firstHour ? today : addDays(today, 1)
  const day = workingDay(from, 1, working)
  return day ? atHour(day, firstHour, timeZone) : undefined
}

const isWorking = (day: Day, { restDays, holidays }: WorkingDays): boolean =>
  !restDays.includes(weekdayOf(day)) && !holidays.includes(day)

function workingDay(from: Day, step: 1 | -1, working: WorkingDays): Day | undefined {
  for (let count = 0; count < farthest; count += 1) {
    const day = addDays(from, step * count)
    if (isWorking(day, working)) return day
  }
  return undefined
}
