import { MongoError } from '../errors.js'

export const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** Clock time in a zone: how far it is from UTC at a moment, in milliseconds. */
export interface Zone {
  offsetAt(moment: number): number
}

const UTC: Zone = { offsetAt: () => 0 }
const zones = new Map<string, Zone>()

/** A zone by its offset (`+02:00`, `-0530`, `+03`) or its name; UTC when none is given. */
export function zoneOf(name: unknown): Zone {
  if (name === undefined || name === 'UTC' || name === 'GMT' || name === 'Z') return UTC
  if (typeof name !== 'string') throw new MongoError(40517, 'timezone must evaluate to a string')
  const known = zones.get(name)
  if (known !== undefined) return known
  const zone = offsetZone(name) ?? namedZone(name)
  zones.set(name, zone)
  return zone
}

function offsetZone(name: string): Zone | undefined {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(name) ?? []
  if (sign === undefined) return undefined
  const offset = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS * (sign === '-' ? -1 : 1)
  return { offsetAt: () => offset }
}

function namedZone(name: string): Zone {
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    return { offsetAt: (moment) => clockOf(format, moment) - Math.floor(moment / 1000) * 1000 }
  } catch {
    throw new MongoError(40485, `unrecognized time zone identifier: "${name}"`)
  }
}

/** What the clock of a zone shows at a moment, as if it were UTC. */
function clockOf(format: Intl.DateTimeFormat, moment: number): number {
  const parts = Object.fromEntries(
    format.formatToParts(moment).map(({ type, value }) => [type, value]),
  )
  const year = Number(parts['year'])
  const date = { year: parts['era'] === 'BC' ? 1 - year : year, month: Number(parts['month']) }
  const [day, hour] = [Number(parts['day']), Number(parts['hour'])]
  return clock({
    ...date,
    day,
    hour,
    minute: Number(parts['minute']),
    second: Number(parts['second']),
  })
}

/** What a calendar and a clock show. Values outside their range carry over, as in `Date.UTC`. */
export interface Clock {
  readonly year: number
  readonly month?: number
  readonly day?: number
  readonly hour?: number
  readonly minute?: number
  readonly second?: number
  readonly millisecond?: number
}

/** A clock's reading as milliseconds, as if it were UTC. */
export function clock({ year, month = 1, day = 1, ...time }: Clock): number {
  const { hour = 0, minute = 0, second = 0, millisecond = 0 } = time
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.setUTCHours(hour, minute, second, millisecond)
}

/** A moment as a date whose UTC fields show what the zone's clock shows. */
export const shown = (moment: Date, zone: Zone): Date =>
  new Date(moment.getTime() + zone.offsetAt(moment.getTime()))

/** The moment at which a zone's clock shows a reading; skipped hours are taken as just after. */
export function momentOf(reading: number, zone: Zone): Date {
  const guess = reading - zone.offsetAt(reading)
  return new Date(reading - zone.offsetAt(guess))
}

/** Monday is 1, Sunday 7. */
export const isoDay = (date: Date): number => date.getUTCDay() || 7

/** Days since the first of January, which is 1. */
export const dayOfYear = (date: Date): number =>
  Math.floor((date.getTime() - clock({ year: date.getUTCFullYear() })) / DAY_MS) + 1

/** Weeks begin on Sunday; days before the year's first Sunday are in week 0. */
export const week = (date: Date): number => Math.floor((dayOfYear(date) + 6 - date.getUTCDay()) / 7)

/** The year that the Thursday of a date's week lies in (ISO 8601). */
export const isoYear = (date: Date): number => thursdayOf(date).getUTCFullYear()

/** ISO 8601: the week with the year's first Thursday is 1. */
export const isoWeek = (date: Date): number => Math.ceil(dayOfYear(thursdayOf(date)) / 7)

const thursdayOf = (date: Date): Date => new Date(date.getTime() + (4 - isoDay(date)) * DAY_MS)

/** The clock's reading at midnight of a day of an ISO week. */
export function isoClock(year: number, isoWeekNumber: number, day: number): number {
  const fourth = new Date(clock({ year, day: 4 }))
  return fourth.getTime() + ((isoWeekNumber - 1) * 7 + day - isoDay(fourth)) * DAY_MS
}

/** The same day so many months later, or the last one of a shorter month. */
export function addMonths(date: Date, months: number): Date {
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1 + months]
  const last = new Date(clock({ year, month: month + 1, day: 0 })).getUTCDate()
  const start = clock({ year, month, day: Math.min(date.getUTCDate(), last) })
  return new Date(start + (((date.getTime() % DAY_MS) + DAY_MS) % DAY_MS))
}
