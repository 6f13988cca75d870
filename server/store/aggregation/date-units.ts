import { MongoError } from '../errors.js'
import { addMonths, clock, DAY_MS, momentOf, shown, type Zone } from './calendar.js'

/** Units of `$dateAdd`, `$dateDiff`, `$dateTrunc`, `$densify` and windows. */
export type Unit = keyof typeof MONTHS | keyof typeof LENGTHS

const MONTHS = { year: 12, quarter: 3, month: 1 } as const

const LENGTHS = {
  week: 7 * DAY_MS,
  day: DAY_MS,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
} as const

const isMonths = (unit: Unit): unit is keyof typeof MONTHS => unit in MONTHS

/** Throws for what is no unit of time. */
export function checkUnit(unit: unknown): Unit {
  if (typeof unit === 'string' && (unit in MONTHS || unit in LENGTHS)) return unit as Unit
  throw new MongoError(9, `unknown time unit value: ${String(unit)}`)
}

/** How long a unit is, in milliseconds; nothing for those whose length depends on the calendar. */
export const lengthOf = (unit: Unit): number | undefined =>
  isMonths(unit) ? undefined : LENGTHS[unit]

interface Step {
  readonly unit: Unit
  readonly by: number
  readonly zone: Zone
}

/** Moves a date by units; days and longer ones keep the time that the zone's clock shows. */
export function addUnits(date: Date, { unit, by, zone }: Step): Date {
  checkUnit(unit)
  const length = lengthOf(unit)
  if (length !== undefined && length < DAY_MS) return new Date(date.getTime() + by * length)
  const reading = shown(date, zone)
  const moved = isMonths(unit)
    ? addMonths(reading, by * MONTHS[unit]).getTime()
    : reading.getTime() + by * (length ?? 0)
  return momentOf(moved, zone)
}

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/** The first day of weeks: how many days after Monday. Sunday when none is given. */
function weekStart(day: unknown): number {
  if (day === undefined) return 6
  const found = DAYS.findIndex((name) => {
    const text = String(day).toLowerCase()
    return text === name || text === name.slice(0, 3)
  })
  if (found >= 0) return found
  throw new MongoError(9, `unknown day of week value: ${String(day)}`)
}

interface Span {
  readonly unit: Unit
  readonly zone: Zone
  readonly startOfWeek?: unknown
}

/** How many borders of a unit lie between two dates; hours and shorter ones do not depend on a zone. */
export function differenceIn(start: Date, end: Date, { unit, zone, startOfWeek }: Span): number {
  checkUnit(unit)
  const count = (date: Date): number => unitsSince(shown(date, zone), unit, weekStart(startOfWeek))
  return count(end) - count(start)
}

/** Whole units since 1970, by a clock's reading; 29 December 1969 was a Monday. */
function unitsSince(reading: Date, unit: Unit, firstDay: number): number {
  if (isMonths(unit)) return Math.floor(monthsSince(reading) / MONTHS[unit])
  if (unit !== 'week') return Math.floor(reading.getTime() / LENGTHS[unit])
  return Math.floor((reading.getTime() / DAY_MS + 3 - firstDay) / 7)
}

const monthsSince = (reading: Date): number =>
  (reading.getUTCFullYear() - 1970) * 12 + reading.getUTCMonth()

interface Bin extends Span {
  readonly size: number
}

/** Bins are counted from the beginning of 2000 (from its first such day for weeks). */
export function truncate(date: Date, { unit, size, zone, startOfWeek }: Bin): Date {
  checkUnit(unit)
  if (size <= 0) throw new MongoError(5439018, "'binSize' must be greater than 0")
  const reading = shown(date, zone)
  if (isMonths(unit)) {
    const months = MONTHS[unit] * size
    const since = monthsSince(reading) - 360
    const month = Math.floor(since / months) * months
    return momentOf(clock({ year: 2000, month: 1 + month }), zone)
  }
  const start = unit === 'week' ? weekReference(weekStart(startOfWeek)) : clock({ year: 2000 })
  const length = LENGTHS[unit] * size
  const bin = Math.floor((reading.getTime() - start) / length) * length
  return momentOf(start + bin, zone)
}

/** The first such day of 2000; the third of January was a Monday. */
function weekReference(firstDay: number): number {
  return clock({ year: 2000, day: 1 + ((firstDay + 2) % 7) })
}
