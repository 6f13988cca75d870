import { expect } from 'chai'
import fc from 'fast-check'
import {
  addDays,
  addMonths,
  atHour,
  dayAt,
  endOfDay,
  hourAt,
} from '../../../server/domain/assigning/days.js'
import { dueAtOf, earliestDue } from '../../../server/domain/assigning/due.js'
import { nextCycle } from '../../../server/domain/assigning/recurrence.js'
import { day, moment, timeZone } from './support/arbitrary.js'

const second = 1000

describe('days where people live', () => {
  it('end one second before the next begins, in every time zone and through every change of clocks', () => {
    fc.assert(
      fc.property(day, timeZone, (one, zone) => {
        const end = endOfDay(one, zone)
        expect(dayAt(end, zone)).to.equal(one)
        expect(dayAt(new Date(Number(end) + second), zone)).to.equal(addDays(one, 1))
      }),
    )
  })

  it('end with the last second before, where a time zone left a day out', () => {
    const end = endOfDay('2011-12-30', 'Pacific/Apia')
    expect(dayAt(end, 'Pacific/Apia')).to.equal('2011-12-29')
    expect(dayAt(new Date(Number(end) + second), 'Pacific/Apia')).to.equal('2011-12-31')
  })

  it('have the hour their clocks show', () => {
    fc.assert(
      fc.property(day, timeZone, (one, zone) => {
        const at = atHour(one, 9, zone)
        expect([dayAt(at, zone), hourAt(at, zone)]).to.deep.equal([one, 9])
      }),
    )
    expect(atHour('2026-03-29', 2, 'Europe/Paris').toISOString()).to.equal(
      '2026-03-29T00:00:00.000Z',
    )
  })

  it('are counted over months to the same day, or the last one of a month that is too short', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 120 }), (one, months) => {
        const later = addMonths(one, months)
        const wanted = Number(one.slice(8))
        expect(Number(later.slice(8))).to.be.at.most(wanted)
        expect(later.slice(8) === one.slice(8) || addDays(later, 1).slice(8) === '01').to.equal(
          true,
        )
      }),
    )
    expect(addMonths('2024-02-29', 12)).to.equal('2025-02-28')
    expect(addMonths('2024-02-29', 48)).to.equal('2028-02-29')
    expect(addMonths('2026-12-31', 2)).to.equal('2027-02-28')
  })
})

describe('when something assigned is due', () => {
  it('is the end of that very day for everybody, wherever they live', () => {
    fc.assert(
      fc.property(day, timeZone, moment, (due, zone, arrivedAt) => {
        const at = dueAtOf({ due: { day: due }, arrivedAt }, zone)
        expect(at && dayAt(at, zone)).to.equal(due)
      }),
    )
  })

  it('leaves whoever arrives that many whole days, and never fewer', () => {
    const days = fc.integer({ min: 1, max: 1000 })
    fc.assert(
      fc.property(days, timeZone, moment, (count, zone, arrivedAt) => {
        const at = dueAtOf({ due: { days: count }, arrivedAt }, zone)
        expect(at && dayAt(at, zone)).to.equal(addDays(dayAt(arrivedAt, zone), count))
        expect(Number(at)).to.be.at.least(Number(arrivedAt) + count * 86_400_000 - 3_600_001)
      }),
    )
  })

  it('is the earliest of several dates, and none where none was set', () => {
    fc.assert(
      fc.property(fc.array(day, { minLength: 1 }), timeZone, moment, (days, zone, arrivedAt) => {
        const arrivals = days.map((one) => ({ due: { day: one }, arrivedAt }))
        const at = earliestDue([...arrivals, { arrivedAt }], zone)
        expect(at && dayAt(at, zone)).to.equal(days.toSorted()[0])
      }),
    )
    expect(earliestDue([{ arrivedAt: new Date(0) }], 'UTC')).to.equal(undefined)
  })
})

describe('when a course is to be completed again', () => {
  it('is that many months later, open for some weeks before, and never before the middle', () => {
    const months = fc.integer({ min: 1, max: 120 })
    fc.assert(
      fc.property(moment, months, timeZone, (completedAt, count, zone) => {
        const { opensAt, dueAt } = nextCycle(completedAt, count, zone)
        expect(dayAt(dueAt, zone)).to.equal(addMonths(dayAt(completedAt, zone), count))
        expect(opensAt).to.be.above(completedAt)
        expect(Number(dueAt) - Number(opensAt)).to.be.within(12 * 86_400_000, 62 * 86_400_000)
      }),
    )
  })

  it('of a leap day falls on the last of February', () => {
    const { dueAt } = nextCycle(new Date('2024-02-29T10:00:00Z'), 24, 'America/Mexico_City')
    expect(dayAt(dueAt, 'America/Mexico_City')).to.equal('2026-02-28')
  })
})
