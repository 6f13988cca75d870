/** How dates, numbers and lengths of time are written in a language and a time zone. */
export interface Format {
  date(at: Date | string): string
  dateTime(at: Date | string): string
  time(at: Date | string): string
  /** `2026-11-26 14:32`, as ISO 8601 has it but in the time zone: for files, where it sorts. */
  sortable(at: Date | string): string
  /** How long ago or ahead, in the largest unit that fits. */
  relative(at: Date | string, from: Date): string
  number(value: number, options?: Intl.NumberFormatOptions): string
  /** `ratio` from 0 to 1. */
  percent(ratio: number): string
  /** A length of time given in seconds, to the minute from one minute on. */
  duration(seconds: number): string
  bytes(count: number): string
  list(items: readonly string[]): string
}

const cache = new Map<string, Format>()

/** The formats of a language and a time zone; made once each. */
export function formatFor(language: string, timeZone = 'UTC'): Format {
  const key = `${language} ${timeZone}`
  const known = cache.get(key)
  if (known) return known
  const made = makeFormat(language, timeZone)
  cache.set(key, made)
  return made
}

function makeFormat(language: string, timeZone: string): Format {
  const dated = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(language, { timeZone, ...options })
    return (at: Date | string): string => formatter.format(new Date(at))
  }
  // Swedish writes dates and times so.
  const sortable = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  })
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const percent = numbers(language, { style: 'percent', maximumFractionDigits: 0 })
  const list = new Intl.ListFormat(language)
  return {
    date: dated({ dateStyle: 'long' }),
    dateTime: dated({ dateStyle: 'medium', timeStyle: 'short' }),
    time: dated({ timeStyle: 'short' }),
    sortable: (at) => sortable.format(new Date(at)),
    relative: (at, from) => relative.format(...inUnit(new Date(at).getTime() - from.getTime())),
    number: (value, options = {}) => numbers(language, options).format(value),
    percent: (ratio) => percent.format(ratio),
    duration: (seconds) => durationIn(language, seconds),
    bytes: (count) => bytesIn(language, count),
    list: (items) => list.format(items),
  }
}

const numberFormats = new Map<string, Intl.NumberFormat>()

/** Making a formatter costs a hundred times what it then does: each is made once. */
function numbers(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${JSON.stringify(options)}`
  const format = numberFormats.get(key) ?? new Intl.NumberFormat(language, options)
  numberFormats.set(key, format)
  return format
}

const spans: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

function inUnit(milliseconds: number): [number, Intl.RelativeTimeFormatUnit] {
  const span = spans.find(([, length]) => Math.abs(milliseconds) >= length)
  return span ? [Math.round(milliseconds / span[1]), span[0]] : [0, 'minute']
}

function durationIn(language: string, seconds: number): string {
  const unit = (value: number, name: string): string =>
    numbers(language, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value)
  if (seconds < 60) return unit(Math.round(seconds), 'second')
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  const parts = [
    ...(hours ? [unit(hours, 'hour')] : []),
    ...(minutes ? [unit(minutes, 'minute')] : []),
  ]
  return parts.join(' ')
}

function bytesIn(language: string, count: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte']
  const power = Math.min(3, count < 1 ? 0 : Math.floor(Math.log10(count) / 3))
  return numbers(language, {
    style: 'unit',
    unit: units[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power < 2 ? 0 : 1,
  }).format(count / 1000 ** power)
}
