import { MongoError } from '../errors.js'
import {
  clock,
  dayOfYear,
  isoClock,
  isoDay,
  isoWeek,
  isoYear,
  week,
  type Clock,
} from './calendar.js'

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

const padded = (value: number, length = 2): string => String(value).padStart(length, '0')

/** What each specifier of `$dateToString` writes of a clock's reading; the offset is in minutes. */
const WRITERS: Readonly<Record<string, (date: Date, offset: number) => string>> = {
  Y: (date) => padded(date.getUTCFullYear(), 4),
  m: (date) => padded(date.getUTCMonth() + 1),
  d: (date) => padded(date.getUTCDate()),
  H: (date) => padded(date.getUTCHours()),
  M: (date) => padded(date.getUTCMinutes()),
  S: (date) => padded(date.getUTCSeconds()),
  L: (date) => padded(date.getUTCMilliseconds(), 3),
  j: (date) => padded(dayOfYear(date), 3),
  w: (date) => String(date.getUTCDay() + 1),
  u: (date) => String(isoDay(date)),
  U: (date) => padded(week(date)),
  V: (date) => padded(isoWeek(date)),
  G: (date) => padded(isoYear(date), 4),
  b: (date) => (MONTHS[date.getUTCMonth()] ?? '').slice(0, 3),
  B: (date) => MONTHS[date.getUTCMonth()] ?? '',
  z: (_, offset) =>
    `${offset < 0 ? '-' : '+'}${padded(Math.trunc(Math.abs(offset) / 60))}${padded(Math.abs(offset) % 60)}`,
  Z: (_, offset) => String(offset),
  '%': () => '%',
}

/** Writes a clock's reading by a format. */
export function formatDate(date: Date, format: string, offsetMinutes: number): string {
  return format.replace(/%(.?)/gs, (_, specifier: string) => {
    const write = WRITERS[specifier]
    if (write === undefined)
      throw new MongoError(18536, `Invalid format character '%${specifier}' in format string`)
    return write(date, offsetMinutes)
  })
}

const MONTH_NAMES = MONTHS.join('|')

/** How each specifier of `$dateFromString` is read. */
const PATTERNS: Readonly<Record<string, string>> = {
  Y: '(?<Y>\\d{4})',
  m: '(?<m>\\d{1,2})',
  d: '(?<d>\\d{1,2})',
  H: '(?<H>\\d{1,2})',
  M: '(?<M>\\d{1,2})',
  S: '(?<S>\\d{1,2})',
  L: '(?<L>\\d{1,3})',
  j: '(?<j>\\d{1,3})',
  u: '(?<u>[1-7])',
  V: '(?<V>\\d{1,2})',
  G: '(?<G>\\d{4})',
  b: `(?<b>${MONTHS.map((name) => name.slice(0, 3)).join('|')})`,
  B: `(?<B>${MONTH_NAMES})`,
  z: '(?<z>Z|[+-]\\d{2}:?\\d{2})',
  Z: '(?<Z>[+-]?\\d+)',
  '%': '%',
}

/** A text that was read: the clock's reading, and the zone it names itself. */
export interface ReadDate {
  readonly reading: number
  readonly zone: string | undefined
}

/** Reads a text by a format; nothing when it does not fit. */
export function parseDate(text: string, format: string): ReadDate | undefined {
  const source = format
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/%(.?)/gs, (_, specifier: string) => {
      const pattern = PATTERNS[specifier]
      if (pattern !== undefined) return pattern
      throw new MongoError(18536, `Invalid format character '%${specifier}' in format string`)
    })
  const found = new RegExp(`^${source}$`, 'i').exec(text)?.groups
  if (found === undefined) return undefined
  const zone = found['Z'] === undefined ? found['z'] : offsetText(Number(found['Z']))
  return { reading: readingOf(found), zone }
}

const offsetText = (minutes: number): string =>
  `${minutes < 0 ? '-' : '+'}${padded(Math.trunc(Math.abs(minutes) / 60))}${padded(Math.abs(minutes) % 60)}`

function readingOf(found: Readonly<Record<string, string | undefined>>): number {
  const number = (name: string, otherwise: number): number => Number(found[name] ?? otherwise)
  const time: Clock = {
    year: 1970,
    hour: number('H', 0),
    minute: number('M', 0),
    second: number('S', 0),
    millisecond: Number((found['L'] ?? '0').padEnd(found['L'] === undefined ? 1 : 3, '0')),
  }
  if (found['G'] !== undefined)
    return isoClock(number('G', 1970), number('V', 1), number('u', 1)) + clock(time)
  const month = monthOf(found) ?? number('m', 1)
  if (found['j'] !== undefined)
    return clock({ ...time, year: number('Y', 1970), month: 1, day: number('j', 1) })
  return clock({ ...time, year: number('Y', 1970), month, day: number('d', 1) })
}

function monthOf(found: Readonly<Record<string, string | undefined>>): number | undefined {
  const name = (found['b'] ?? found['B'])?.toLowerCase().slice(0, 3)
  if (name === undefined) return undefined
  return MONTHS.findIndex((month) => month.toLowerCase().startsWith(name)) + 1
}
