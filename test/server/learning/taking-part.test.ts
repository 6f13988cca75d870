import { expect } from 'chai'
import { attemptFor } from '../../../server/domain/learning/attempts.js'
import {
  AttemptModel,
  CompletionModel,
  CourseModel,
  EnrolmentModel,
  type Course,
} from '../../../server/domain/learning/models.js'
import { recordProgress } from '../../../server/domain/learning/progress.js'
import { EvidenceModel, LevelModel } from '../../../server/domain/competencies/models.js'
import { NotificationModel } from '../../../server/domain/notifications/models.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import { buildProgress, buildStep, idOf, storeCourse } from './support/taking.js'

describe('taking part in a course', function () {
  this.timeout(300_000)
  let palier: TestApp
  let manager: Program
  let learner: Program
  let person: string

  before(async () => {
    palier = await withDemo()
    ;[manager, learner] = await Promise.all([
      palier.as('manager@demo.palier'),
      palier.as('learner@demo.palier'),
    ])
    person = await idOf('manager')
  })

  const enrol = (program: Program, { _id }: Course, form: object = {}) =>
    program.post(`/courses/${_id}/enrolments`, form)
  const counters = async ({ _id }: Course) => {
    const { enrolled, completed } = (await CourseModel.findById(_id).lean<Course>()) ?? {}
    return { enrolled, completed }
  }

  it('enrols oneself once, however often and however many at once ask', async () => {
    const course = await storeCourse()
    const answers = await Promise.all([1, 2, 3].map(() => enrol(manager, course)))
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 200, 201])
    expect(answers[0]?.json).to.include({ course: course._id, person, status: 'active', cycle: 1 })
    expect((await enrol(manager, course)).status).to.equal(200)
    expect(await EnrolmentModel.countDocuments({ course: course._id })).to.equal(1)
    expect(await counters(course)).to.deep.equal({ enrolled: 1, completed: 0 })
  })

  it('opens the same attempt however often the page is asked for, and changes nothing else', async () => {
    const course = await storeCourse()
    const step = course.activities[0]?.id ?? ''
    expect((await manager.get(`/learn/${step}`)).json.code).to.equal('learning:not-enrolled')
    await enrol(manager, course)
    const before = await EnrolmentModel.findById(`${person}|${course._id}`).lean()
    const opened = await Promise.all([1, 2, 3].map(() => manager.get(`/learn/${step}`)))
    expect(new Set(opened.map(({ json }) => json.attempt)).size).to.equal(1)
    expect(opened.map(({ status }) => status)).to.deep.equal([200, 200, 200])
    expect(await AttemptModel.countDocuments({ course: course._id })).to.equal(1)
    expect(await EnrolmentModel.findById(`${person}|${course._id}`).lean()).to.deep.equal(before)
    expect((await attemptFor(opened[0]?.json.attempt as string)).progress).to.equal(undefined)
  })

  it('completes when all that is required is done: evidence, level, notification, each once', async () => {
    const steps = [buildStep(), buildStep({ criterion: 'viewed' }), buildStep({ required: false })]
    const course = await storeCourse({ activities: steps })
    const [first, second] = steps.map(({ id }) => `/learn/${id}/progress`)
    await enrol(manager, course)
    expect((await manager.post(first ?? '', { done: true, seconds: 65 })).status).to.equal(204)
    expect(await CompletionModel.countDocuments({ course: course._id })).to.equal(0)
    await manager.post(second ?? '', { done: false })
    await manager.post(second ?? '', { done: true })

    const completion = `${person}|${course._id}|1`
    const found = await CompletionModel.findById(completion).lean()
    expect(found).to.include({ person, title: course.title, assurance: 'declared', seconds: 65 })
    expect(found?.owed).to.equal(undefined)
    const evidence = await EvidenceModel.find({ sourceId: completion }).lean()
    expect(evidence).to.have.length(1)
    expect(evidence[0]).to.include({
      _id: `${completion}|managerial:customer-service`,
      source: 'learning:completion',
      kind: 'measurement',
      level: 4,
      assurance: 'declared',
      about: course.title,
    })
    const level = await LevelModel.findById(`${person}|managerial:customer-service`).lean()
    expect(level?.level).to.be.at.least(1)
    expect(
      await NotificationModel.countDocuments({
        person,
        kind: 'learning:completed',
        'data.course': course._id,
      }),
    ).to.equal(1)
    expect(await counters(course)).to.deep.equal({ enrolled: 1, completed: 1 })
  })

  it('takes what a package reports in any order and never takes it back', async () => {
    const step = buildStep({ kind: 'package', criterion: 'passed' })
    const course = await storeCourse({ activities: [step] })
    await enrol(manager, course)
    const { attempt } = (await manager.get(`/learn/${step.id}`)).json as { attempt: string }
    const at = (seconds: number): Date => new Date(1_700_000_000_000 + seconds * 1000)
    const passed = buildProgress({
      completion: 'completed',
      success: 'passed',
      score: { scaled: 0.9 },
      savedAt: at(60),
      seconds: 60,
    })
    const began = buildProgress({ savedAt: at(5), seconds: 5 })
    await Promise.all([passed, began, passed].map((report) => recordProgress(attempt, report)))
    await recordProgress(attempt, began)
    const enrolment = await EnrolmentModel.findById(`${person}|${course._id}`).lean()
    expect(enrolment?.activities[step.id]).to.deep.include({
      done: true,
      success: 'passed',
      seconds: 60,
      savedAt: at(60),
      score: { scaled: 0.9 },
    })
    expect(enrolment).to.include({ status: 'completed' })
    const completion = await CompletionModel.findById(`${person}|${course._id}|1`).lean()
    expect(completion).to.deep.include({ at: at(60), scaled: 0.9 })
  })

  it('lets somebody leave and come back to what was done', async () => {
    const steps = [buildStep(), buildStep()]
    const course = await storeCourse({ activities: steps })
    const [first, second] = steps.map(({ id }) => `/learn/${id}`)
    await enrol(learner, course)
    await learner.post(`${first}/progress`, { done: true })
    expect((await learner.post(`/courses/${course._id}/leave`)).status).to.equal(204)
    expect(await counters(course)).to.deep.equal({ enrolled: 0, completed: 0 })
    expect((await learner.get(first ?? '')).status).to.equal(403)
    const again = await enrol(learner, course)
    expect([again.status, again.json.status]).to.deep.equal([201, 'active'])
    await learner.post(`${second}/progress`, { done: true })
    expect(await CompletionModel.countDocuments({ course: course._id })).to.equal(1)
    const refused = await learner.post(`/courses/${course._id}/leave`)
    expect(refused.json.code).to.equal('learning:already-completed')
  })
})
