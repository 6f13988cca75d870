import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { followEverybody } from '../../../server/domain/assigning/following.js'
import { ObligationModel } from '../../../server/domain/assigning/models.js'
import { PlacementModel } from '../../../server/domain/organisation/models.js'
import { AuditModel } from '../../../server/domain/people/audit-models.js'
import { PersonModel } from '../../../server/domain/people/models.js'
import { EnrolmentModel, type Course } from '../../../server/domain/learning/models.js'
import { NotificationModel } from '../../../server/domain/notifications/models.js'
import { deliverDue } from '../../../server/platform/outbox.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import { idOf, storeCourse } from '../learning/support/taking.js'
import { move, newPerson } from './support/people.js'

const office = 'bellarive-office'

describe('assigning', function () {
  this.timeout(300_000)
  let palier: TestApp
  const as: Record<string, Program> = {}

  before(async () => {
    palier = await withDemo()
    for (const role of ['manager', 'learner', 'coordinator', 'trainer', 'admin'])
      as[role] = await palier.as(`${role}@demo.palier`)
    as.learnerAlone = await palier.as('noe.bertin@demo.palier')
    as.elsewhere = await palier.as('siobhan.keane@demo.palier')
  })

  const program = (name: string): Program => as[name] ?? palier.anonymous
  const assign = (name: string, course: Course, form: object = {}, unit = office) =>
    program(name).post(`/units/${unit}/assignments`, { course: course._id, ...form })
  const enrolment = (person: string, course: Course) =>
    EnrolmentModel.findById(`${person}|${course._id}`).lean()
  const obligation = (person: string, course: Course) =>
    ObligationModel.findById(`${person}|${course._id}`).lean()
  const told = (person: string, course: Course): Promise<number> =>
    NotificationModel.countDocuments({ person, 'data.course': course._id }).exec()

  it('enrols who is in the unit and below, each told once, with a date that is the end of that day', async () => {
    const course = await storeCourse()
    const id = randomUUID()
    const first = await assign('coordinator', course, { id, due: '2030-01-31' })
    expect(first.status).to.equal(201)
    const again = await assign('coordinator', course, { id, due: '2030-01-31' })
    expect([again.status, again.json.id]).to.deep.equal([200, first.json.id])
    const people = await PersonModel.find({ units: office, status: { $ne: 'deactivated' } }).lean()
    expect(first.json.counts).to.include({ people: people.length, open: people.length, late: 0 })
    for (const { _id } of people) {
      const found = await enrolment(_id, course)
      expect(found?.status).to.equal('active')
      expect(found?.dueAt?.toISOString()).to.equal('2030-01-31T23:59:59.000Z')
      expect(await told(_id, course)).to.equal(1)
    }
    expect(await EnrolmentModel.countDocuments({ course: course._id })).to.equal(people.length)
    const learner = await idOf('learner')
    expect((await enrolment(learner, course))?.enrolledBy).to.equal(await idOf('coordinator'))
  })

  it('reaches whoever joins the unit later, and lets go of whoever leaves it before beginning', async () => {
    const course = await storeCourse()
    await assign('coordinator', course, { days: 30 })
    const person = await newPerson(program('coordinator'), 'port-salins-office')
    expect(await enrolment(person, course)).to.equal(null)

    await move(program('coordinator'), person, { unit: office })
    expect((await enrolment(person, course))?.status).to.equal('active')
    const arrived = await obligation(person, course)
    expect(arrived?.status).to.equal('open')
    const days = (Number(arrived?.dueAt) - Number(arrived?.sources[0]?.arrivedAt)) / 86_400_000
    expect(days).to.be.within(30, 31)

    await move(program('coordinator'), person, { unit: 'port-salins-office' })
    expect((await enrolment(person, course))?.status).to.equal('ended')
    expect((await obligation(person, course))?.status).to.equal('lifted')

    await move(program('coordinator'), person, { unit: office })
    expect((await enrolment(person, course))?.status).to.equal('active')
    expect(Number((await obligation(person, course))?.openedAt)).to.be.above(
      Number(arrived?.openedAt),
    )
  })

  it('asks nothing of somebody who is deactivated, and asks again of whoever comes back', async () => {
    const course = await storeCourse()
    await assign('coordinator', course)
    const person = await newPerson(program('coordinator'), office)
    expect((await obligation(person, course))?.status).to.equal('open')
    await move(program('coordinator'), person, { status: 'deactivated' })
    expect((await obligation(person, course))?.status).to.equal('lifted')
    await move(program('coordinator'), person, { status: 'active' })
    expect((await obligation(person, course))?.status).to.equal('open')
  })

  it('finds once a day whom no event told of', async () => {
    const course = await storeCourse()
    await assign('coordinator', course)
    const person = await newPerson(program('coordinator'), 'port-salins-office')
    await PersonModel.updateOne(
      { _id: person },
      { $push: { units: { $each: [office], $position: 0 } } },
    )
    await PlacementModel.updateMany({ person }, { $set: { unit: office } })
    expect(await enrolment(person, course)).to.equal(null)
    await followEverybody.run(undefined)
    expect((await enrolment(person, course))?.status).to.equal('active')
    await followEverybody.run(undefined)
    expect(await told(person, course)).to.equal(1)
  })

  it('lets a line manager assign to reports in the unit, and to nobody else there', async () => {
    const course = await storeCourse()
    const manager = await idOf('manager')
    const { status, json } = await assign('manager', course)
    expect([status, json.audience.manager.id]).to.deep.equal([201, manager])
    const reports = await PersonModel.find({ manager, units: office }).lean()
    const enrolled = await EnrolmentModel.distinct('person', { course: course._id })
    expect(enrolled.sort()).to.deep.equal(reports.map(({ _id }) => _id).sort())
    expect((await assign('manager', course, {}, 'port-salins-office')).status).to.equal(403)
  })

  it('narrows to an altitude, to posts, to people', async () => {
    const unit = 'port-salins-office'
    const reached = async (form: object) => {
      const course = await storeCourse()
      const { status, text } = await assign('coordinator', course, form, unit)
      expect(status, text).to.equal(201)
      return (await EnrolmentModel.distinct('person', { course: course._id })).sort()
    }
    expect(await reached({ altitude: 'tactical' })).to.deep.equal(['youssef-amrani'])
    expect(await reached({ posts: ['port-salins-senior-counter'] })).to.deep.equal([
      'aline-mukendi',
    ])
    expect(await reached({ people: 'Hugo Tavares\n' })).to.deep.equal(['hugo-tavares'])
  })

  it('assigns to one person within reach', async () => {
    const course = await storeCourse()
    const learner = await idOf('learner')
    const path = `/people/${learner}/assignments`
    const form = { course: course._id, due: '2031-05-01' }
    expect((await program('elsewhere').post(path, form)).status).to.equal(404)
    expect((await program('learner').post(path, form)).status).to.equal(403)
    expect((await program('manager').post(path, form)).status).to.equal(201)
    expect((await enrolment(learner, course))?.status).to.equal('active')
  })

  it('refuses whoever has no say there, and what cannot be asked', async () => {
    const course = await storeCourse()
    expect((await assign('learnerAlone', course)).status).to.equal(403)
    expect((await assign('trainer', course)).status).to.equal(403)
    expect((await assign('elsewhere', course)).status).to.equal(403)
    const wrong = async (form: object) => {
      const { status, json } = await assign('coordinator', course, form)
      return `${status} ${json.errors[0].code}`
    }
    expect(await wrong({ due: '2020-01-01' })).to.equal('422 assigning:due-past')
    expect(await wrong({ due: '2030-01-01', days: 3 })).to.equal('422 assigning:due-twice')
    expect(await wrong({ course: 'no-such' })).to.equal('422 assigning:no-such-course')
    expect(await wrong({ people: ['iwan-price'] })).to.equal('422 organisation:nobody-meant')
    expect(await wrong({ people: ['hugo-tavares'] })).to.equal('422 assigning:no-such-person')
    expect(await wrong({ posts: ['montalure-head'] })).to.equal('422 organisation:no-such-post')
    const draft = await storeCourse({ status: 'draft', trainers: [await idOf('coordinator')] })
    expect((await assign('admin', draft)).status).to.equal(422)
    expect(await EnrolmentModel.countDocuments({ course: course._id })).to.equal(0)
  })

  it('counts a course that was completed before, and dates an enrolment there was', async () => {
    const course = await storeCourse()
    const learner = program('learner')
    await learner.post(`/courses/${course._id}/enrolments`)
    await learner.post(`/learn/${course.activities[0]?.id}/progress`, { done: true })
    await program('manager').post(`/courses/${course._id}/enrolments`)
    await assign('coordinator', course, { due: '2030-06-30' })
    expect((await obligation(await idOf('learner'), course))?.status).to.equal('met')
    const manager = await enrolment(await idOf('manager'), course)
    expect(manager?.dueAt?.toISOString()).to.equal('2030-06-30T23:59:59.000Z')
  })

  it('enrols who lacks what must come first once it is there', async () => {
    const first = await storeCourse()
    const course = await storeCourse({ prerequisites: [first._id] })
    const learner = await idOf('learner')
    await program('coordinator').post(`/people/${learner}/assignments`, { course: course._id })
    expect(await enrolment(learner, course)).to.equal(null)
    expect((await obligation(learner, course))?.status).to.equal('open')
    await program('learner').post(`/courses/${first._id}/enrolments`)
    await program('learner').post(`/learn/${first.activities[0]?.id}/progress`, { done: true })
    await deliverDue()
    expect((await enrolment(learner, course))?.status).to.equal('active')
  })

  it('is met by completing, ends for all by ending, and is in the audit log', async () => {
    const course = await storeCourse()
    const { json } = await assign('coordinator', course, { due: '2030-01-31' })
    const learner = await idOf('learner')
    await program('learner').post(`/learn/${course.activities[0]?.id}/progress`, { done: true })
    await deliverDue()
    expect((await obligation(learner, course))?.status).to.equal('met')
    const path = `/assignments/${json.id}`
    expect((await program('elsewhere').get(path)).status).to.equal(404)
    expect((await program('coordinator').get(path)).json.counts.met).to.equal(1)
    const ended = await program('coordinator').post(`${path}/end`)
    expect(ended.status).to.equal(204)
    expect(await EnrolmentModel.countDocuments({ course: course._id, status: 'active' })).to.equal(
      0,
    )
    expect((await enrolment(learner, course))?.status).to.equal('completed')
    const lines = await AuditModel.find({ object: json.id }).sort({ _id: 1 }).lean()
    expect(lines.map(({ action }) => action)).to.deep.equal([
      'assigning:assigned',
      'assigning:ended',
    ])
  })
})
