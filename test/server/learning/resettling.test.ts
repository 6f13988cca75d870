import { expect } from 'chai'
import {
  AttemptModel,
  CompletionModel,
  EnrolmentModel,
} from '../../../server/domain/learning/models.js'
import {
  NotificationModel,
  type Notification,
} from '../../../server/domain/notifications/models.js'
import { runDueJobs } from '../../../server/platform/jobs.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import { buildStep, eventually, idOf, storeCourse } from './support/taking.js'

describe('a course that changes under its learners', function () {
  this.timeout(300_000)
  let palier: TestApp
  let trainer: Program
  let learner: Program
  let person: string

  before(async () => {
    palier = await withDemo()
    trainer = await palier.as('trainer@demo.palier')
    learner = await palier.as('learner@demo.palier')
    person = await idOf('learner')
  })

  it('is completed by those who had done what it still asks, without another report', async () => {
    const steps = [buildStep({ title: 'Read' }), buildStep({ title: 'Discuss' })]
    const course = await storeCourse({ activities: steps, trainers: [await idOf('trainer')] })
    await learner.post(`/courses/${course._id}/enrolments`)
    await learner.post(`/learn/${steps[0]?.id}/progress`, { done: true })
    const completed = async (): Promise<boolean> =>
      (await EnrolmentModel.findById(`${person}|${course._id}`).lean())?.status === 'completed'
    expect(await completed()).to.equal(false)
    const { status } = await trainer.patch(`/activities/${steps[1]?.id}`, { required: false })
    expect(status).to.equal(200)
    await runDueJobs()
    await eventually(completed)
    expect(await CompletionModel.countDocuments({ course: course._id })).to.equal(1)
  })

  it('judges anew by a criterion that became easier', async () => {
    const step = buildStep({ criterion: 'confirmed' })
    const course = await storeCourse({ activities: [step], trainers: [await idOf('trainer')] })
    await learner.post(`/courses/${course._id}/enrolments`)
    await learner.post(`/learn/${step.id}/progress`, { done: false, seconds: 9 })
    await trainer.patch(`/activities/${step.id}`, { criterion: 'viewed' })
    await runDueJobs()
    await eventually(
      async () => (await CompletionModel.countDocuments({ course: course._id })) === 1,
    )
  })

  it('offers its trainer another attempt for one person, on the page of those who take part', async () => {
    const step = buildStep()
    const course = await storeCourse({ activities: [step], trainers: [await idOf('trainer')] })
    await learner.post(`/courses/${course._id}/enrolments`)
    await learner.post(`/learn/${step.id}/progress`, { done: false, seconds: 9 })
    const path = `/courses/${course._id}/participants`
    const { json } = await trainer.get(`${path}?person=${person}`)
    expect(json.attempts.steps).to.deep.equal([
      { id: step.id, title: step.title, number: 1, begun: true, done: false, given: [] },
    ])
    const page = await trainer.get(`${path}?person=${person}`, { accept: 'text/html' })
    expect(page.text).to.include(
      `/enrolments/${encodeURIComponent(`${person}|${course._id}`)}/attempts`,
    )
    const action = `/enrolments/${encodeURIComponent(`${person}|${course._id}`)}/attempts`
    const form = { activity: step.id, number: 1, reason: 'The sound was broken.' }
    for (const refused of [
      { ...form, reason: ' ' },
      { ...form, reason: undefined },
      { ...form, number: 0 },
    ])
      expect((await trainer.post(action, refused)).status).to.equal(422)
    expect((await trainer.post(action, { ...form, number: 7 })).status).to.equal(404)
    expect((await trainer.post(action, form)).status).to.equal(201)
    expect((await trainer.post(action, { ...form, reason: 'Another word' })).status).to.equal(200)
    expect(await AttemptModel.countDocuments({ person, activity: step.id })).to.equal(2)
    const [line] = (await trainer.get(`${path}?person=${person}`)).json.attempts.steps
    expect(line).to.include({ number: 2, begun: false })
    expect(line.given[0]).to.include({ number: 2, reason: 'The sound was broken.' })
    const [told] = await NotificationModel.find({
      person,
      kind: 'learning:another-attempt',
    }).lean<Notification[]>()
    expect(told?.data).to.include({ activity: step.id, reason: 'The sound was broken.' })
    const elsewhere = await palier.as('siobhan.keane@demo.palier')
    expect((await elsewhere.get(`${path}?person=${person}`)).status).to.equal(403)
  })
})
