import { expect } from 'chai'
import {
  cycleIn,
  joinedCycles,
  joinedEnrolment,
} from '../../../server/domain/learning/joined-enrolment.js'
import type { Enrolment } from '../../../server/domain/learning/models.js'

type Standing = Pick<Enrolment, 'status' | 'cycle'>

const done = (cycle: number): Standing => ({ status: 'completed', cycle })
const begun = (cycle: number): Standing => ({ status: 'active', cycle })

describe('two enrolments in one course', () => {
  /** Where the cycles of the other account go, and which is the last one. */
  const placed = (kept: Standing | null, lost: Standing): { of: number[]; top: number } => {
    const cycles = joinedCycles(kept, lost)
    const all = Array.from({ length: lost.cycle }, (_, at) => cycleIn(cycles, at + 1))
    return { of: all, top: cycles.top }
  }

  it('keep the cycles of the one where the other never began', () => {
    expect(placed(null, done(2))).to.deep.equal({ of: [1, 2], top: 2 })
    expect(placed(null, begun(2))).to.deep.equal({ of: [1, 2], top: 2 })
  })

  it('put completed cycles after those of the account that stays', () => {
    expect(placed(done(1), done(2))).to.deep.equal({ of: [2, 3], top: 3 })
    expect(placed(begun(1), done(1))).to.deep.equal({ of: [2], top: 2 })
  })

  it('put what is not completed into the cycle that goes on', () => {
    expect(placed(begun(1), begun(1))).to.deep.equal({ of: [1], top: 1 })
    expect(placed(done(2), begun(1))).to.deep.equal({ of: [2], top: 2 })
    expect(placed(done(1), begun(2))).to.deep.equal({ of: [2, 2], top: 2 })
    expect(placed(begun(2), begun(2))).to.deep.equal({ of: [3, 4], top: 4 })
  })

  it('never give two completions one cycle, and never go back', () => {
    for (const kept of [null, begun(1), done(1), begun(3), done(3)])
      for (const lost of [begun(1), done(1), begun(3), done(3)]) {
        const { of, top } = placed(kept, lost)
        const completed = of.slice(0, lost.status === 'completed' ? lost.cycle : lost.cycle - 1)
        const own = kept ? (kept.status === 'completed' ? kept.cycle : kept.cycle - 1) : 0
        expect(new Set(completed).size).to.equal(completed.length)
        for (const cycle of completed) expect(cycle).to.be.above(own)
        expect(top).to.be.at.least(Math.max(kept?.cycle ?? 0, ...of))
      }
  })

  it('stand as the one further along, from the earlier beginning to the earlier date', () => {
    const at = (day: number) => new Date(Date.UTC(2026, 0, day))
    const enrolment = (
      person: string,
      standing: Standing,
      days: Partial<Enrolment>,
    ): Enrolment => ({
      ...{ _id: `${person}|c`, person, course: 'c', enrolledAt: at(1), enrolledBy: person },
      ...{ activities: {}, revision: 4, ...standing, ...days },
    })
    const own = { _id: 'kept|c', person: 'kept' }
    const kept = enrolment('kept', begun(1), { startedAt: at(5), dueAt: at(20) })
    const lost = enrolment('lost', begun(1), { startedAt: at(3), dueAt: at(15) })
    expect(joinedEnrolment(own, kept, lost)).to.deep.include({
      ...{ ...own, status: 'active', enrolledBy: 'kept', startedAt: at(3), dueAt: at(15) },
    })
    const completed = enrolment('lost', done(1), { completedAt: at(9), dueAt: at(15) })
    const joined = joinedEnrolment(own, kept, completed)
    expect(joined).to.deep.include({ ...own, status: 'completed', completedAt: at(9), cycle: 2 })
    expect(joined.enrolledBy).to.equal('kept')
    expect(joined.revision).to.be.above(4)
  })
})
