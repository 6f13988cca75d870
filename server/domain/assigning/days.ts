/** A day of the calendar, `2026-12-31`. */
export type Day = string

const hour = 3_600_000
const dayLength = 24 * hour

/** Which day it is at a moment in a time zone. */
export const dayAt = (at: Date, timeZone: string): Day => localTime(at, timeZone).slice(0, 10)

/** The hour of the day at a moment in a time zone, 0 to 23. */
export const hourAt = (at: Date, timeZone: string): number =>
  Number(localTime(at, timeZone).slice(11, 13))

/** A day so many days later, or earlier where negative. */
export function addDays(day: Day, count: number): Day {
  return dayOf(Number(utcMidnight(day)) + count * dayLength)
}

/** The same day of a later month; where that month is too short, its last day. */
export function addMonths(day: Day, count: number): Day {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const first = Date.UTC(year, month - 1 + count, 1)
  const last = new Date(Date.UTC(year, month + count, 0)).getUTCDate()
  return dayOf(first + (Math.min(date, last) - 1) * dayLength)
}

/** The day of the week, 0 for Sunday. */
export const weekdayOf = (day: Day): number => utcMidnight(day).getUTCDay()

/** The last second of a day in a time zone; of a day that a zone skipped, the last one before it. */
export function endOfDay(day: Day, timeZone: string): Date {
  const next = Number(utcMidnight(day)) + dayLength
  const turns = candidates(next, timeZone).filter(
    (at) => dayAt(at, timeZone) > day && dayAt(new Date(Number(at) - 1000), timeZone) <= day,
  )
  return new Date(Math.max(...turns.map(Number)) - 1000)
}

/** The moment at which clocks of a time zone show an hour of a day; where they leap over it, the moment they do. */
export function atHour(day: Day, at: number, timeZone: string): Date {
  const wanted = Number(utcMidnight(day)) + at * hour
  const found = candidates(wanted, timeZone)
  const shown = found.filter((one) => shownAt(one, timeZone) === wanted)
  return new Date(Math.min(...(shown.length > 0 ? shown : found).map(Number)))
}

const utcMidnight = (day: Day): Date => new Date(`${day}T00:00:00.000Z`)
const dayOf = (time: number): Day => new Date(time).toISOString().slice(0, 10)

/** The moments at which a clock set like those of the day before, or of the day after, shows a time. */
function candidates(local: number, timeZone: string): Date[] {
  const offsets = [-dayLength, dayLength].map((shift) => {
    const near = new Date(local + shift)
    return shownAt(near, timeZone) - Number(near)
  })
  return [...new Set(offsets)].map((offset) => new Date(local - offset))
}

/** What the clocks show, as if it were UTC. */
const shownAt = (at: Date, timeZone: string): number =>
  Date.parse(`${localTime(at, timeZone)}Z`) + (Number(at) % 1000)

const formats = new Map<string, Intl.DateTimeFormat>()

/** `2026-12-31T23:59:59` */
function localTime(at: Date, timeZone: string): string {
  const known = formats.get(timeZone)
  // Swedish writes a time as ISO 8601 does.
  const format =
    known ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  if (!known) formats.set(timeZone, format)
  return format.format(at).replace(' ', 'T')
}
