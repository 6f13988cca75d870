import { Long, ObjectId, Timestamp } from 'bson'
import { isPlainObject } from '../../commands/schema.js'
import { MongoError } from '../../errors.js'
import {
  clock,
  dayOfYear,
  isoClock,
  isoDay,
  isoWeek,
  isoYear,
  momentOf,
  shown,
  week,
  zoneOf,
} from '../calendar.js'
import { formatDate, parseDate } from '../date-format.js'
import { addUnits, differenceIn, truncate, type Unit } from '../date-units.js'
import { fromNumber, isNumber, toDouble } from '../numbers.js'
import type { Operator, Operators } from '../operators.js'
import { isNullish, typeOf } from '../values.js'
import { fieldsOf, integerArgument } from './pure.js'

type Values = Readonly<Record<string, unknown>>

/** What a value is as a date; throws for what is none. */
function dateOf(value: unknown, name: string): Date {
  if (value instanceof Date) return value
  if (value instanceof ObjectId) return value.getTimestamp()
  if (value instanceof Timestamp) return new Date(value.getHighBits() * 1000)
  throw new MongoError(16006, `can't convert from BSON type ${typeOf(value)} to Date in ${name}`)
}

/** An operator of one date, given alone or as `{ date, timezone }`, in its zone's clock. */
const part =
  (read: (date: Date) => number, wide = false) =>
  (name: string): Operator =>
  (operand, compiler) => {
    const given = datedOperand(operand, name)
    const date = compiler.compile(given['date'])
    const zone = compiler.compile(given['timezone'])
    return (scope) => {
      const [value, timezone] = [date(scope), zone(scope)]
      if (isNullish(value) || ('timezone' in given && isNullish(timezone))) return null
      const found = read(shown(dateOf(value, name), zoneOf(timezone ?? undefined)))
      return wide ? Long.fromNumber(found) : fromNumber(found)
    }
  }

function datedOperand(operand: unknown, name: string): Values {
  const isNamed = isPlainObject(operand) && !Object.keys(operand).some((key) => key.startsWith('$'))
  if (isNamed) return fieldsOf(name, operand, { required: ['date'], optional: ['timezone'] })
  if (!Array.isArray(operand)) return { date: operand }
  if (operand.length === 1) return { date: operand[0] as unknown }
  throw new MongoError(40536, `${name} accepts exactly one argument if given an array`)
}

interface Form {
  readonly required: readonly string[]
  readonly optional?: readonly string[]
  /** Arguments whose null makes the result null. */
  readonly nullable?: readonly string[]
}

/** An operator of named arguments. */
const named =
  (form: Form, run: (values: Values, name: string) => unknown) =>
  (name: string): Operator =>
  (operand, compiler) => {
    const given = fieldsOf(name, operand, form)
    const parts = Object.entries(given).map(
      ([key, value]) => [key, compiler.compile(value)] as const,
    )
    return (scope) => {
      const values = Object.fromEntries(parts.map(([key, value]) => [key, value(scope)]))
      const decisive = form.nullable ?? form.required
      const isNull = [...decisive, 'timezone'].some((key) => key in given && isNullish(values[key]))
      return isNull ? (values['onNull'] ?? null) : run(values, name)
    }
  }

const toText = named(
  { required: ['date'], optional: ['format', 'timezone', 'onNull'] },
  ({ date, format, timezone }, name) => {
    const zone = zoneOf(timezone)
    const moment = dateOf(date, name)
    const offset = zone.offsetAt(moment.getTime()) / 60_000
    const isUtc = timezone === undefined || offset === 0
    const usual = `%Y-%m-%dT%H:%M:%S.%L${isUtc ? 'Z' : '%z'}`
    if (!isNullish(format) && typeof format !== 'string')
      throw new MongoError(
        18533,
        `${name} requires that 'format' be a string, found: ${typeOf(format)}`,
      )
    return formatDate(shown(moment, zone), format ?? usual, offset)
  },
)

const fromText: (name: string) => Operator = (name) => (operand, compiler) => {
  const form = {
    required: ['dateString'],
    optional: ['format', 'timezone', 'onError', 'onNull'],
  }
  const read = named(form, ({ dateString, format, timezone }) =>
    readText(dateString, format, timezone),
  )(name)(operand, compiler)
  const isTolerant = isPlainObject(operand) && 'onError' in operand
  const fallback = compiler.compile(isTolerant ? operand['onError'] : null)
  return (scope) => {
    try {
      return read(scope)
    } catch (error) {
      if (isTolerant && error instanceof MongoError && error.code === 241) return fallback(scope)
      throw error
    }
  }
}

const ISO_DATE =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?))?\s*(Z|[+-]\d{2}:?\d{2})?$/i

function readText(text: unknown, format: unknown, timezone: unknown): Date {
  if (typeof text !== 'string')
    throw new MongoError(
      241,
      `$dateFromString requires that 'dateString' be a string, found: ${typeOf(text)}`,
    )
  const found = typeof format === 'string' ? parseDate(text, format) : parseIso(text)
  if (found === undefined) throw new MongoError(241, `Error parsing date string '${text}'`)
  if (found.zone !== undefined && timezone !== undefined)
    throw new MongoError(
      241,
      'you cannot pass in a date/time string with time zone information together with a timezone argument',
    )
  return momentOf(found.reading, zoneOf(found.zone ?? timezone))
}

function parseIso(text: string): { reading: number; zone: string | undefined } | undefined {
  const [, day, time = '00:00', zone] = ISO_DATE.exec(text.trim()) ?? []
  const reading = Date.parse(`${day ?? ''}T${time}Z`)
  return Number.isNaN(reading) ? undefined : { reading, zone: zone?.toUpperCase() }
}

const toParts = named(
  { required: ['date'], optional: ['timezone', 'iso8601'] },
  ({ date, timezone, iso8601 }, name) => {
    const found = shown(dateOf(date, name), zoneOf(timezone))
    const time = {
      hour: found.getUTCHours(),
      minute: found.getUTCMinutes(),
      second: found.getUTCSeconds(),
      millisecond: found.getUTCMilliseconds(),
    }
    const day =
      iso8601 === true
        ? { isoWeekYear: isoYear(found), isoWeek: isoWeek(found), isoDayOfWeek: isoDay(found) }
        : { year: found.getUTCFullYear(), month: found.getUTCMonth() + 1, day: found.getUTCDate() }
    return Object.fromEntries(
      Object.entries({ ...day, ...time }).map(([key, value]) => [key, fromNumber(value)]),
    )
  },
)

const DAY_PARTS = ['year', 'month', 'day', 'isoWeekYear', 'isoWeek', 'isoDayOfWeek']
const TIME_PARTS = ['hour', 'minute', 'second', 'millisecond']

const fromParts = named(
  {
    required: [],
    optional: [...DAY_PARTS, ...TIME_PARTS, 'timezone'],
    nullable: [...DAY_PARTS, ...TIME_PARTS],
  },
  (values) => {
    const number = (key: string, otherwise: number): number =>
      key in values ? integerArgument(values[key], 40515, `'${key}'`) : otherwise
    const isIso = 'isoWeekYear' in values
    if (isIso === 'year' in values)
      throw new MongoError(
        40516,
        "$dateFromParts requires either 'year' or 'isoWeekYear' to be present",
      )
    const [hour, minute] = [number('hour', 0), number('minute', 0)]
    const time = {
      hour,
      minute,
      second: number('second', 0),
      millisecond: number('millisecond', 0),
    }
    const reading = isIso
      ? isoClock(number('isoWeekYear', 1970), number('isoWeek', 1), number('isoDayOfWeek', 1)) +
        clock({ year: 1970, ...time })
      : clock({
          year: number('year', 1970),
          month: number('month', 1),
          day: number('day', 1),
          ...time,
        })
    return momentOf(reading, zoneOf(values['timezone']))
  },
)

const moved = (sign: number): ((name: string) => Operator) =>
  named(
    { required: ['startDate', 'unit', 'amount'], optional: ['timezone'] },
    ({ startDate, unit, amount, timezone }, name) => {
      if (!isNumber(amount) || !Number.isInteger(toDouble(amount)))
        throw new MongoError(5166405, `${name} expects integer amount of time units`)
      const by = toDouble(amount) * sign
      return addUnits(dateOf(startDate, name), { unit: unit as Unit, by, zone: zoneOf(timezone) })
    },
  )

const between = named(
  { required: ['startDate', 'endDate', 'unit'], optional: ['timezone', 'startOfWeek'] },
  ({ startDate, endDate, unit, timezone, startOfWeek }, name) => {
    const [start, end] = [dateOf(startDate, name), dateOf(endDate, name)]
    const zone = zoneOf(timezone)
    return Long.fromNumber(differenceIn(start, end, { unit: unit as Unit, zone, startOfWeek }))
  },
)

const truncated = named(
  { required: ['date', 'unit'], optional: ['binSize', 'timezone', 'startOfWeek'] },
  ({ date, unit, binSize, timezone, startOfWeek }, name) => {
    const size = binSize === undefined ? 1 : integerArgument(binSize, 5439016, "'binSize'")
    return truncate(dateOf(date, name), {
      unit: unit as Unit,
      size,
      zone: zoneOf(timezone),
      startOfWeek,
    })
  },
)

/** Calendars and clocks. */
export const dates: Operators = Object.fromEntries(
  Object.entries({
    $year: part((date) => date.getUTCFullYear()),
    $month: part((date) => date.getUTCMonth() + 1),
    $dayOfMonth: part((date) => date.getUTCDate()),
    $dayOfWeek: part((date) => date.getUTCDay() + 1),
    $dayOfYear: part(dayOfYear),
    $hour: part((date) => date.getUTCHours()),
    $minute: part((date) => date.getUTCMinutes()),
    $second: part((date) => date.getUTCSeconds()),
    $millisecond: part((date) => date.getUTCMilliseconds()),
    $week: part(week),
    $isoWeek: part(isoWeek),
    $isoWeekYear: part(isoYear, true),
    $isoDayOfWeek: part(isoDay),
    $dateToString: toText,
    $dateFromString: fromText,
    $dateToParts: toParts,
    $dateFromParts: fromParts,
    $dateAdd: moved(1),
    $dateSubtract: moved(-1),
    $dateDiff: between,
    $dateTrunc: truncated,
  }).map(([name, make]) => [name, make(name)]),
)
