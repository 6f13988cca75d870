import { expect } from 'chai'
import fc from 'fast-check'
import { historyOf } from '../../../server/domain/competencies/history.js'
import { assurances, kinds } from '../../../server/domain/competencies/models.js'
import { settle, type Weighed } from '../../../server/domain/competencies/rules.js'
import { gapsBetween } from '../../../server/domain/competencies/gaps.js'
import { toneOfGap, toneOfShare } from '../../../server/domain/competencies/tones.js'

const day = 86_400_000
const on = (count: number): Date => new Date(count * day)
const today = on(100)

const weighed: fc.Arbitrary<Omit<Weighed, '_id'>> = fc
  .record({
    kind: fc.constantFrom(...kinds),
    level: fc.integer({ min: 1, max: 5 }),
    at: fc.integer({ min: 0, max: 110 }).map(on),
    assurance: fc.constantFrom(...assurances),
    lasts: fc.option(fc.integer({ min: 1, max: 120 }), { nil: undefined }),
  })
  .map(({ lasts, ...one }) => ({
    ...one,
    ...(lasts !== undefined && { expiresAt: new Date(Number(one.at) + lasts * day) }),
  }))

const many = fc
  .array(weighed, { maxLength: 12 })
  .map((all) => all.map((one, number): Weighed => ({ _id: `e${number}`, ...one })))

const shuffled = many.chain((all) =>
  fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
)

const one = (given: Partial<Weighed>): Weighed => ({
  _id: 'e',
  kind: 'measurement',
  level: 3,
  at: on(50),
  assurance: 'server-marked',
  ...given,
})

describe('the rule by which evidence decides', () => {
  it('gives one answer in whatever order the evidence came', () => {
    fc.assert(
      fc.property(shuffled, ([all, other]) => {
        expect(settle(other, today)).to.deep.equal(settle(all, today))
      }),
    )
  })

  it('never counts what a person says of themself', () => {
    fc.assert(
      fc.property(many, (all) => {
        const { self, ...withSelf } = settle(all, today)
        const without = settle(
          all.filter(({ kind }) => kind !== 'self'),
          today,
        )
        expect(withSelf).to.deep.equal(without)
        if (self !== undefined) expect(all.some(({ kind }) => kind === 'self')).to.equal(true)
      }),
    )
  })

  it('rests on evidence that is there, began and has not ended', () => {
    fc.assert(
      fc.property(many, (all) => {
        const { level, decidedBy, rule } = settle(all, today)
        const decisive = all.find(({ _id }) => _id === decidedBy)
        expect(level).to.equal(decisive?.level ?? 0)
        expect(rule === 'nothing-yet').to.equal(decisive === undefined)
        if (decisive) {
          expect(Number(decisive.at)).to.be.at.most(Number(today))
          expect(Number(decisive.expiresAt ?? Infinity)).to.be.above(Number(today))
        }
      }),
    )
  })

  it('never gives less for more measured results', () => {
    fc.assert(
      fc.property(many, weighed, (all, next) => {
        const measured: Weighed = { _id: 'next', ...next, kind: 'measurement' }
        const { level } = settle(all, today)
        expect(settle([...all, measured], today).level).to.be.at.least(level)
      }),
    )
  })

  it('lets the latest appraisal lower a level, and what is measured after it raise it again', () => {
    const measured = one({ _id: 'm', level: 4, at: on(10) })
    const appraised = one({ _id: 'a', kind: 'appraisal', level: 2, at: on(20) })
    const after = one({ _id: 'n', level: 3, at: on(30) })
    const lower = one({ _id: 'o', level: 1, at: on(30) })
    expect(settle([measured], today)).to.include({ level: 4, rule: 'highest-measured' })
    expect(settle([measured, appraised], today)).to.include({ level: 2, rule: 'latest-appraisal' })
    expect(settle([measured, appraised, lower], today)).to.include({ level: 2, decidedBy: 'a' })
    expect(settle([measured, appraised, after], today)).to.include({
      level: 3,
      rule: 'measured-since-appraisal',
    })
  })

  it('counts a correction in place of what it corrects, from its day on, and a level of none for nothing', () => {
    const measured = one({ _id: 'a', level: 4, at: on(10) })
    const lowered = one({ _id: 'b', level: 2, at: on(20), replaces: 'a' })
    const withdrawn = one({ _id: 'c', level: 0, at: on(30), replaces: 'b' })
    const all = [withdrawn, lowered, measured]
    expect([15, 25, 35].map((day) => settle(all, on(day)).level)).to.deep.equal([4, 2, 0])
    expect(settle(all, on(35)).rule).to.equal('nothing-yet')
    expect(historyOf(all, on(40)).map(({ level }) => level)).to.deep.equal([0, 2, 4])
    const other = one({ _id: 'd', level: 1, at: on(5) })
    expect(settle([...all, other], on(35)).level).to.equal(1)
  })

  it('forgets what has ended, and says when that will be', () => {
    const lasting = one({ _id: 'l', level: 2 })
    const ending = one({ _id: 'x', level: 4, expiresAt: on(60) })
    expect(settle([lasting, ending], on(55))).to.deep.include({ level: 4, expiresAt: on(60) })
    expect(settle([lasting, ending], on(60))).to.include({ level: 2, decidedBy: 'l' })
    expect(settle([ending], on(60))).to.deep.equal({ level: 0, rule: 'nothing-yet' })
  })

  it('tells how a level came about, ending where it stands', () => {
    fc.assert(
      fc.property(many, (all) => {
        const changes = historyOf(all, today)
        expect(changes[0]?.level ?? 0).to.equal(settle(all, today).level)
        for (const [at, { from }] of changes.entries()) {
          expect(from).to.equal(changes[at + 1]?.level ?? 0)
        }
      }),
    )
  })
})

describe('gaps', () => {
  it('are targets minus levels, the widest first', () => {
    const levels = [
      { competency: 'f:a', level: 4 },
      { competency: 'f:b', level: 1 },
      { competency: 'f:other', level: 5 },
    ]
    expect(gapsBetween({ 'f:a': 3, 'f:b': 2, 'f:c': 4 }, levels)).to.deep.equal([
      { competency: 'f:c', target: 4, level: 0, gap: 4 },
      { competency: 'f:b', target: 2, level: 1, gap: 1 },
      { competency: 'f:a', target: 3, level: 4, gap: -1 },
    ])
  })

  it('have a colour of how well they are met', () => {
    expect([undefined, -1, 0, 1, 2].map(toneOfGap)).to.deep.equal([
      'none',
      'high',
      'high',
      'middle',
      'low',
    ])
    expect([toneOfShare(0, 0), toneOfShare(4, 5), toneOfShare(1, 2), toneOfShare(1, 3)])
      .to.deep //
      .equal(['none', 'high', 'middle', 'low'])
  })
})
