import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import {
  EvidenceModel,
  LevelModel,
  type Evidence,
  type Level,
} from '../../../server/domain/competencies/models.js'
import { CorrectionModel } from '../../../server/domain/learning/corrections/models.js'
import {
  CompletionModel,
  EnrolmentModel,
  type Course,
} from '../../../server/domain/learning/models.js'
import { NotificationModel } from '../../../server/domain/notifications/models.js'
import type { Id } from '../../../server/kernel/contract.js'
import { sweepAll } from '../../../server/platform/owed.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import { eventually, idOf, storeCourse } from './support/taking.js'

const competency = 'digital:information'

describe('correcting a completion', function () {
  this.timeout(120_000)
  let palier: TestApp
  let trainer: Program
  let learner: Program
  let person: Id
  let course: Course

  before(async () => {
    palier = await withDemo()
    trainer = await palier.as('trainer@demo.palier')
    learner = await palier.as('learner@demo.palier')
    person = await idOf('learner')
  })
  beforeEach(async () => {
    const levels = { person, competency }
    await Promise.all([EvidenceModel.deleteMany(levels), LevelModel.deleteMany(levels)])
    const trainers = [await idOf('trainer')]
    course = await storeCourse({ trainers, outcomes: [{ competency, level: 4 }] })
    await learner.post(`/courses/${course._id}/enrolments`)
    const step = course.activities[0]?.id ?? ''
    await learner.get(`/learn/${step}`)
    expect((await learner.post(`/learn/${step}/progress`, { done: true })).status).to.be.below(400)
    await eventually(async () => (await level()) === 4)
  })

  const path = (): string =>
    `/enrolments/${encodeURIComponent(`${person}|${course._id}`)}/corrections`
  const level = async (): Promise<number | undefined> =>
    (await LevelModel.findOne({ person, competency }).lean<Level>())?.level
  const correct = (form: object, who = trainer) =>
    who.post(path(), {
      cycle: 1,
      verdict: 'counts',
      reason: 'The test had the wrong key.',
      ...form,
    })

  it('stands beside what was, with author and reason, and the level follows', async () => {
    const before = await CompletionModel.findById(`${person}|${course._id}|1`).lean()
    const { status, json } = await correct({ outcomes: [{ competency, level: 2 }] })
    expect(status).to.equal(201)
    expect(json.completions[0]).to.deep.include({ counts: true, cycle: 1 })
    expect(json.completions[0].outcomes[0]).to.include({ level: 4, counted: 2 })
    expect(await level()).to.equal(2)
    expect(await CompletionModel.findById(`${person}|${course._id}|1`).lean()).to.deep.equal(before)
    const trail = await learner.get(`/people/${person}/competencies`)
    const lines = trail.json.competencies.find(
      (line: { competency: string }) => line.competency === competency,
    ).evidence as { corrected: boolean; reason: string | null; by: string | null; level: number }[]
    expect(lines.map(({ corrected, level: held }) => [held, corrected])).to.have.deep.members([
      [4, true],
      [2, false],
    ])
    expect(lines.find(({ corrected }) => !corrected)).to.deep.include({
      reason: 'The test had the wrong key.',
      by: (await trainer.get('/me')).json.person.name,
    })
  })

  it('takes its level away where it does not count, and tells the person why, once', async () => {
    const id = randomUUID()
    const sent = await Promise.all([
      correct({ id, verdict: 'does-not-count' }),
      correct({ id, verdict: 'does-not-count' }),
    ])
    expect(sent.map(({ status }) => status)).to.deep.equal([201, 201])
    expect(await level()).to.equal(0)
    expect(await CorrectionModel.countDocuments({ person, course: course._id })).to.equal(1)
    const told = { person, kind: 'learning:corrected', 'data.course': course._id } as const
    expect(await NotificationModel.countDocuments(told)).to.equal(1)
  })

  it('is corrected by two at once, one after the other', async () => {
    const sent = await Promise.all([
      correct({ verdict: 'does-not-count' }),
      correct({ outcomes: [{ competency, level: 3 }] }),
    ])
    expect(sent.map(({ status }) => status)).to.deep.equal([201, 201])
    const said = await CorrectionModel.find({ person, course: course._id }).sort({ number: 1 })
    expect(said.map(({ number }) => number)).to.deep.equal([1, 2])
  })

  it('is corrected in its turn: the last word holds', async () => {
    await correct({ verdict: 'does-not-count' })
    await correct({ outcomes: [{ competency, level: 3 }] })
    expect(await level()).to.equal(3)
    const { json } = await trainer.get(path())
    expect(json.completions[0].corrections).to.have.length(2)
    expect(json.completions[0].corrections[0].counts).to.equal(true)
  })

  it('may have the course taken again, and a later completion counts by itself', async () => {
    await correct({ verdict: 'does-not-count', again: true })
    const enrolment = await EnrolmentModel.findById(`${person}|${course._id}`).lean()
    expect(enrolment).to.deep.include({ status: 'active', cycle: 2 })
    const step = course.activities[0]?.id ?? ''
    await learner.get(`/learn/${step}`)
    await learner.post(`/learn/${step}/progress`, { done: true })
    await eventually(async () => (await level()) === 4)
  })

  it('is finished by the sweeper where the process ended in between', async () => {
    const [before] = await EvidenceModel.find({ person, competency }).lean<Evidence[]>()
    await CorrectionModel.create({
      ...{ _id: randomUUID(), completion: `${person}|${course._id}|1`, person, course: course._id },
      ...{ number: 1, counts: false, outcomes: [], reason: 'Cut off', by: await idOf('trainer') },
      ...{ at: new Date(Number(before?.at) + 1), revision: 1, owed: ['evidence', 'tell'] },
    })
    await sweepAll()
    expect(await level()).to.equal(0)
  })

  it('is for those who teach the course or answer for the unit, and never for one’s own', async () => {
    expect((await correct({}, learner)).status).to.equal(403)
    const own = await storeCourse({ trainers: [await idOf('trainer')] })
    await trainer.post(`/courses/${own._id}/enrolments`)
    const mine = `/enrolments/${encodeURIComponent(`${await idOf('trainer')}|${own._id}`)}/corrections`
    const refused = await trainer.post(mine, { cycle: 1, verdict: 'counts', reason: 'I was good' })
    expect([refused.status, refused.json.code]).to.deep.equal([403, 'learning:own-completion'])
    expect((await correct({ cycle: 7 })).status).to.equal(404)
    expect((await correct({ reason: '' })).json.errors[0].path).to.equal('reason')
    expect(await level()).to.equal(4)
  })

  it('is a form that works as it is, with its levels', async () => {
    const page = await trainer.get(path(), { accept: 'text/html' })
    expect(page.text).to.include('name="verdict"').and.to.include('name="outcomes[0][level]"')
    const own = await learner.get(path(), { accept: 'text/html' })
    expect(own.status).to.equal(200)
    expect(own.text).not.to.include('name="verdict"')
  })
})
