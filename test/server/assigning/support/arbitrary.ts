import fc from 'fast-check'
import type { Day } from '../../../../server/domain/assigning/days.js'

/** Zones whose clocks change in odd ways, at midnight too, and some that never do. */
export const timeZone = fc.constantFrom(
  'UTC',
  'Europe/Paris',
  'America/Mexico_City',
  'America/New_York',
  'America/Havana',
  'America/Asuncion',
  'America/St_Johns',
  'America/Santiago',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Kathmandu',
  'Asia/Beirut',
  'Australia/Lord_Howe',
  'Atlantic/Azores',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
)

/** Days of 2012 to 2035: leap days and all changes of clocks among them. */
export const moment = fc.date({
  min: new Date('2012-01-01T00:00:00Z'),
  max: new Date('2035-12-31T00:00:00Z'),
  noInvalidDate: true,
})
export const day: fc.Arbitrary<Day> = moment.map((at) => at.toISOString().slice(0, 10))

/** Weeks with up to six days of rest, and a year's holidays around a day. */
export const working = fc.record({
  restDays: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { maxLength: 6 }),
  holidays: fc.uniqueArray(day, { maxLength: 12 }),
})
