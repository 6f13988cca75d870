import { expect } from 'chai'
import fc from 'fast-check'
import { addDays, dayAt, hourAt, weekdayOf } from '../../../server/domain/assigning/days.js'
import {
  reminderAfter,
  reminderBefore,
  remindersFor,
  reminderSlots,
  whenAllowed,
} from '../../../server/domain/assigning/reminder-times.js'
import { moment, timeZone, working } from './support/arbitrary.js'

const reminding = fc.record({ dueAt: moment, timeZone, working })
const always = { restDays: [], holidays: [] }

describe('reminders of a date', () => {
  it('come at nine where the person lives, on no day of rest and on no holiday', () => {
    fc.assert(
      fc.property(reminding, (one) => {
        for (const { at } of remindersFor(one)) {
          const day = dayAt(at, one.timeZone)
          expect(hourAt(at, one.timeZone)).to.equal(9)
          expect(one.working.holidays).to.not.include(day)
          expect(one.working.restDays).to.not.include(weekdayOf(day))
        }
      }),
    )
  })

  it('come at most once a day, each of them once, and in order', () => {
    fc.assert(
      fc.property(reminding, (one) => {
        const all = remindersFor(one)
        const days = all.map(({ at }) => dayAt(at, one.timeZone))
        expect(new Set(days).size).to.equal(days.length)
        expect(days).to.deep.equal(days.toSorted())
        expect(new Set(all.map(({ slot }) => slot)).size).to.equal(all.length)
      }),
    )
  })

  it('warn before the date and press after it, however many days of rest there are', () => {
    fc.assert(
      fc.property(reminding, (one) => {
        for (const { slot, at } of remindersFor(one)) {
          expect(at <= one.dueAt).to.equal(slot < 0)
        }
      }),
    )
  })

  it('fall on their very days where nobody rests', () => {
    const dueAt = new Date('2026-06-30T21:59:59Z')
    const days = remindersFor({ dueAt, timeZone: 'Europe/Paris', working: always })
    expect(days.map(({ at }) => dayAt(at, 'Europe/Paris'))).to.deep.equal(
      reminderSlots.map((slot) => addDays('2026-06-30', slot)),
    )
  })

  it('are each the next of some moment and the last of another: none is lost, none comes twice', () => {
    fc.assert(
      fc.property(reminding, moment, (one, at) => {
        const all = remindersFor(one)
        expect(reminderAfter(at, one)).to.deep.equal(all.find((reminder) => reminder.at > at))
        const told: number[] = []
        let next = reminderAfter(new Date(0), one)
        while (next) {
          told.push(next.slot)
          expect(reminderBefore(next.at, one)).to.deep.equal(next)
          next = reminderAfter(next.at, one)
        }
        expect(told).to.deep.equal(all.map(({ slot }) => slot))
      }),
    )
  })
})

describe('the hours in which anybody may be reminded', () => {
  it('are those of a working day; a moment in them stays, any other waits for the next', () => {
    fc.assert(
      fc.property(moment, timeZone, working, (at, zone, rest) => {
        const allowed = whenAllowed(at, { timeZone: zone, working: rest })
        if (!allowed) return
        const day = dayAt(allowed, zone)
        expect(allowed >= at).to.equal(true)
        expect(hourAt(allowed, zone)).to.be.within(9, 17)
        expect(rest.holidays).to.not.include(day)
        expect(rest.restDays).to.not.include(weekdayOf(day))
        expect(whenAllowed(allowed, { timeZone: zone, working: rest })).to.deep.equal(allowed)
      }),
    )
  })

  it('never come in an institution that always rests', () => {
    const working = { restDays: [0, 1, 2, 3, 4, 5, 6], holidays: [] }
    expect(whenAllowed(new Date(0), { timeZone: 'UTC', working })).to.equal(undefined)
    expect(remindersFor({ dueAt: new Date(0), timeZone: 'UTC', working })).to.deep.equal([])
  })
})
