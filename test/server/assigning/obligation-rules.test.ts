import { expect } from 'chai'
import fc from 'fast-check'
import { includes, type Place } from '../../../server/domain/assigning/audience.js'
import { dayAt } from '../../../server/domain/assigning/days.js'
import type { Obligation } from '../../../server/domain/assigning/models.js'
import {
  obligationNow,
  type Facts,
  type Source,
} from '../../../server/domain/assigning/obligation-rules.js'
import { day, moment, timeZone, working } from './support/arbitrary.js'

const due = fc.oneof(
  fc.constant(undefined),
  day.map((one) => ({ day: one })),
  moment.map((at) => ({ at })),
  fc.integer({ min: 1, max: 400 }).map((days) => ({ days })),
)

const assignment = fc.record({
  _id: fc.constantFrom('yearly', 'once', 'other'),
  due,
  months: fc.option(fc.integer({ min: 1, max: 36 }), { nil: undefined }),
})

/** What may happen to somebody, with the days that pass before. */
const happening = fc.record({
  days: fc.integer({ min: 0, max: 500 }),
  what: fc.constantFrom('joins', 'leaves', 'completes', 'exempt', 'back', 'goes', 'nothing'),
  assignment,
})

interface Life {
  at: Date
  active: boolean
  sources: readonly Source[]
  enrolment: Facts['enrolment']
  before: Obligation | undefined
}

type Steady = Pick<Facts, 'timeZone' | 'working'>

const born: Omit<Life, 'at'> = {
  active: true,
  sources: [],
  enrolment: undefined,
  before: undefined,
}

function factsOf({ at, active, sources, enrolment, before }: Life, steady: Steady): Facts {
  const who = { person: 'p', course: 'c', units: ['u'], manager: null }
  return { ...who, ...steady, at, active, sources: active ? sources : [], enrolment, before }
}

/** The next moment of a life: what happens, then what follows from it, as the domain does it. */
function live(life: Life, { days, what, assignment: given }: Happening, steady: Steady): Life {
  const at = new Date(Number(life.at) + days * 86_400_000)
  const others = life.sources.filter((source) => source.assignment._id !== given._id)
  const then: Life = { ...life, at }
  if (what === 'joins' && others.length === life.sources.length)
    then.sources = [...others, { assignment: given as Source['assignment'], arrivedAt: at }]
  if (what === 'leaves') then.sources = others
  if (what === 'goes') then.active = false
  if (what === 'back') then.active = true
  if (what === 'completes' && life.enrolment?.status === 'active')
    then.enrolment = { status: 'completed', cycle: life.enrolment.cycle, completedAt: at }
  if (what === 'exempt' && life.before?.status === 'open')
    then.before = { ...life.before, exemption: { reason: 'because', by: 'b', at } }
  return applied(then, steady)
}

type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never

function applied(life: Life, steady: Steady): Life {
  const worked = obligationNow(factsOf(life, steady))
  if (!worked) return life
  const before: Obligation = { _id: 'p|c', ...worked, revision: 1 }
  const { status, cycle, dueAt } = worked
  if (
    status !== 'open' ||
    (life.enrolment?.status === 'completed' && cycle === life.enrolment.cycle)
  )
    return { ...life, before, enrolment: withoutDate(life.enrolment) }
  return { ...life, before, enrolment: { status: 'active', cycle, ...(dueAt && { dueAt }) } }
}

const withoutDate = (enrolment: Life['enrolment']): Life['enrolment'] => {
  if (enrolment?.status !== 'active') return enrolment
  const { dueAt: _, ...rest } = enrolment
  return rest
}

const lives = fc.record({
  at: moment,
  steady: fc.record({ timeZone, working }),
  happenings: fc.array(happening, { maxLength: 12 }),
})

describe('what a person owes of a course', () => {
  const inEach = (check: (life: Life, steady: Steady, previous: Life) => void): void =>
    fc.assert(
      fc.property(lives, ({ at, steady, happenings }) => {
        let life: Life = { ...born, at }
        for (const one of happenings) {
          const previous = life
          life = live(life, one, steady)
          check(life, steady, previous)
        }
      }),
    )

  it('is the same again when it is worked out again, whatever had happened', () => {
    inEach((life, steady) => {
      const again = obligationNow(factsOf(life, steady))
      expect(again && { _id: 'p|c', ...again, revision: 1 }).to.deep.equal(life.before)
    })
  })

  it('is asked of whoever an assignment concerns, and of nobody else', () => {
    inEach(({ before, sources, active }) => {
      const isAsked = active && sources.length > 0
      if (isAsked) expect(before?.status).to.be.oneOf(['open', 'met', 'exempt'])
      if (!isAsked && before) expect(before.status).to.equal('lifted')
    })
  })

  it('never goes back to a cycle that is over, and begins one only after the one before was completed', () => {
    inEach(({ before }, _, previous) => {
      const [was, is] = [previous.before?.cycle ?? 1, before?.cycle ?? 1]
      expect(is - was).to.be.within(0, 1)
      if (is > was)
        expect(previous.enrolment?.status ?? 'completed').to.be.oneOf(['completed', 'active'])
    })
  })

  it('once met without recurrence stays met while it is asked', () => {
    inEach(({ before, sources, active, enrolment }) => {
      const recurs = sources.some((source) => source.assignment.months)
      if (!active || sources.length === 0 || recurs || enrolment?.status !== 'completed') return
      expect(before?.status).to.equal('met')
    })
  })

  it('plans a reminder only while something is open and dated, and always for later', () => {
    inEach(({ before, at }) => {
      if (!before?.remindAt) return
      expect(before.status).to.equal('open')
      expect(before.dueAt).to.be.instanceOf(Date)
      if (before.openedAt === at) expect(before.remindAt).to.be.above(at)
    })
  })

  it('counts the days anew for whoever comes back', () => {
    const steady = { timeZone: 'UTC', working: { restDays: [], holidays: [] } }
    const joining = {
      days: 0,
      what: 'joins' as const,
      assignment: { _id: 'once' as const, due: { days: 10 }, months: undefined },
    }
    const first = live({ ...born, at: new Date('2026-01-01T08:00:00Z') }, joining, steady)
    expect(first.before?.dueAt?.toISOString()).to.equal('2026-01-11T23:59:59.000Z')
    const gone = live(first, { ...joining, days: 5, what: 'leaves' }, steady)
    expect(gone.before).to.include({ status: 'lifted' })
    expect(gone.before).to.not.have.property('dueAt')
    const back = live(gone, { ...joining, days: 30 }, steady)
    expect(back.before?.dueAt && dayAt(back.before.dueAt, 'UTC')).to.equal('2026-02-15')
  })
})

describe('whom an assignment is for', () => {
  const place = fc.record({
    person: fc.constantFrom('ann', 'ben'),
    active: fc.boolean(),
    units: fc.subarray(['office', 'delegation', 'institution']),
    manager: fc.constantFrom('max', null),
    post: fc.option(
      fc.record({
        post: fc.constantFrom('clerk', 'head'),
        altitude: fc.constantFrom('tactical' as const, 'operational' as const),
      }),
      { nil: undefined },
    ),
  }) satisfies fc.Arbitrary<Place>

  it('is nobody who has left, and nobody out of the unit; each condition narrows', () => {
    fc.assert(
      fc.property(place, (one) => {
        const unit = 'delegation'
        expect(includes({ unit }, one)).to.equal(one.active && one.units.includes(unit))
        for (const more of [
          { people: ['ann'] },
          { posts: ['head'] },
          { altitude: 'tactical' as const },
          { manager: 'max' },
        ]) {
          if (includes({ unit, ...more }, one)) expect(includes({ unit }, one)).to.equal(true)
        }
        expect(includes({}, one)).to.equal(false)
      }),
    )
  })
})
