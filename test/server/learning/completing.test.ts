import { expect } from 'chai'
import fc from 'fast-check'
import {
  activityProgress,
  isComplete,
  meets,
  merged,
  resultOf,
} from '../../../server/domain/learning/completing.js'
import type { Progress } from '../../../server/domain/learning/contract.js'
import { criteria, type Attempt } from '../../../server/domain/learning/models.js'
import { isoDuration } from '../../../server/domain/learning/explaining.js'
import { buildStep } from './support/taking.js'

const instant = fc.integer({ min: 0, max: 1e6 }).map((n) => new Date(1.7e12 + n * 1000))
const report: fc.Arbitrary<Progress> = fc.record(
  {
    completion: fc.constantFrom('not-attempted', 'incomplete', 'completed', 'unknown'),
    success: fc.constantFrom('passed', 'failed', 'unknown'),
    score: fc.record({ scaled: fc.double({ min: -1, max: 1, noNaN: true }) }),
    seconds: fc.nat(10_000),
    savedAt: instant,
    assurance: fc.constantFrom('declared', 'server-marked', 'witnessed', 'supervised'),
  },
  { requiredKeys: ['completion', 'success', 'seconds', 'savedAt', 'assurance'] },
)
const all = (reports: readonly Progress[]): Progress | undefined =>
  reports.reduce<Progress | undefined>((known, one) => merged(known, one), undefined)

const attemptOf = (number: number, progress?: Progress): Attempt => ({
  _id: `attempt-${number}`,
  person: 'p',
  course: 'c',
  activity: 'a',
  enrolment: 'p|c',
  cycle: 1,
  number,
  status: 'open',
  openedAt: new Date(0),
  ...(progress && { progress }),
  revision: 0,
})

describe('the rules of completion', () => {
  it('take the same report twice as once', () => {
    fc.assert(
      fc.property(fc.array(report, { minLength: 1 }), (reports) => {
        expect(all([...reports, ...reports.slice(-1)])).to.deep.equal(all(reports))
      }),
    )
  })

  it('never take back what was reached', () => {
    fc.assert(
      fc.property(fc.array(report, { minLength: 1 }), report, (reports, next) => {
        const before = all(reports)
        const after = merged(before, next)
        for (const criterion of criteria) {
          if (meets(criterion, before)) expect(meets(criterion, after), criterion).to.equal(true)
        }
        expect(after.seconds).to.be.at.least(before?.seconds ?? 0)
        expect(after.savedAt >= (before?.savedAt ?? after.savedAt)).to.equal(true)
      }),
    )
  })

  it('come to the same completion, result and time in whatever order reports arrive', () => {
    const core = (progress: Progress | undefined) => {
      const { completion, success, seconds, savedAt, assurance } = progress ?? {}
      return { completion, success, seconds, savedAt, assurance }
    }
    fc.assert(
      fc.property(
        fc.array(report, { minLength: 1 }),
        fc.infiniteStream(fc.nat()),
        (reports, order) => {
          const shuffled = reports
            .map((one) => [order.next().value as number, one] as const)
            .sort(([a], [b]) => a - b)
            .map(([, one]) => one)
          expect(core(all(shuffled))).to.deep.equal(core(all(reports)))
        },
      ),
    )
  })

  it('count the attempt that the course names', () => {
    const step = buildStep({ criterion: 'passed' })
    const made = (success: Progress['success'], scaled: number): Progress => ({
      completion: 'completed',
      success,
      score: { scaled },
      seconds: 60,
      savedAt: new Date(1.7e12),
      assurance: 'declared',
    })
    const attempts = [
      attemptOf(1, made('failed', 0.3)),
      attemptOf(2, made('passed', 0.8)),
      attemptOf(3, made('failed', 0.5)),
      attemptOf(4),
    ]
    const counted = (rule: 'best' | 'last' | 'first') => activityProgress(step, attempts, { rule })
    expect(counted('first')).to.include({ done: false, attempt: 'attempt-1' })
    expect(counted('best')).to.include({ done: true, attempt: 'attempt-2', seconds: 180 })
    expect(counted('last')).to.include({ done: false, attempt: 'attempt-3' })
  })

  it('want every required step, or all where none is required, and never complete an empty course', () => {
    const [read, watch, extra] = [buildStep(), buildStep(), buildStep({ required: false })]
    const done = {
      completion: 'completed',
      success: 'unknown',
      seconds: 5,
      savedAt: new Date(1.7e12),
      assurance: 'server-marked',
      done: true,
      doneAt: new Date(1.7e12),
    } as const
    expect(isComplete([], {})).to.equal(false)
    expect(isComplete([read, watch, extra], { [read.id]: done })).to.equal(false)
    const both = { [read.id]: done, [watch.id]: { ...done, assurance: 'declared' as const } }
    expect(isComplete([read, watch, extra], both)).to.equal(true)
    expect(isComplete([extra], {})).to.equal(false)
    expect(isComplete([extra], { [extra.id]: done })).to.equal(true)
    expect(resultOf([read, watch, extra], both)).to.deep.equal({
      at: new Date(1.7e12),
      assurance: 'declared',
      seconds: 10,
    })
  })

  it('tell lengths of time as ISO 8601 has them', () => {
    expect([0, 59, 60, 3605].map(isoDuration)).to.deep.equal(['PT0S', 'PT59S', 'PT1M', 'PT1H5S'])
  })
})
