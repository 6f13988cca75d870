import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { beginCycle } from '../../../server/domain/learning/cycles.js'
import { AuditModel } from '../../../server/domain/people/audit-models.js'
import type { Course } from '../../../server/domain/learning/models.js'
import { NotificationModel } from '../../../server/domain/notifications/models.js'
import { kinds, recordsOf } from '../../../server/domain/privacy/records.js'
import { deliverDue } from '../../../server/platform/outbox.js'
import { idOf } from '../../../test/server/learning/support/taking.js'
import { withDemo, type Program, type TestApp } from '../../../test/support/app.js'
import { answer, askAbout } from '../asking.js'
import { BatchModel, SheetModel, type Batch } from '../models.js'
import { buildAnswer, sheetOfSomebody, taughtCourse } from './support/answering.js'

const words = {
  twice: 'evaluation:already-answered',
  off: 'evaluation:turned-off',
  mark: 'evaluation:no-mark',
}
const agreeing = { relevance: 5, clarity: 4, length: 3, exercises: 2, ease: 1, recommend: 5 }

describe('the evaluation sheet', function () {
  this.timeout(300_000)
  let palier: TestApp
  let manager: Program
  let learner: Program
  let trainer: Program
  let person: string

  before(async () => {
    palier = await withDemo()
    manager = await palier.as('manager@demo.palier')
    learner = await palier.as('learner@demo.palier')
    trainer = await palier.as('trainer@demo.palier')
    person = await idOf('manager')
  })

  const complete = async (program: Program, { _id, activities }: Course): Promise<void> => {
    await program.post(`/courses/${_id}/enrolments`)
    await program.post(`/learn/${activities[0]?.id ?? ''}/progress`, { done: true })
    await deliverDue()
  }
  const pathOf = (sheet: string): string => `/evaluation-sheets/${encodeURIComponent(sheet)}`
  const sheetOf = ({ _id }: Course, cycle = 1): string => `${person}|${_id}|${cycle}`
  const send = (program: Program, sheet: string, form: object = agreeing) =>
    program.post(`${pathOf(sheet)}/answers`, form)
  const told = (course: Course) =>
    NotificationModel.find({ person, kind: 'evaluation:asked', 'data.title': course.title }).lean()
  const results = async ({ _id }: Course) => (await trainer.get(`/courses/${_id}/evaluation`)).json

  it('is sent once on completion, and waits on the page of the course until it is answered', async () => {
    const course = await taughtCourse()
    const page = async () =>
      (await manager.get(`/courses/${course._id}`, { accept: 'text/html' })).text
    await complete(manager, course)
    const completion = sheetOf(course)
    await askAbout({
      ...{ person, course: course._id, completion, cycle: 1 },
      enrolment: `${person}|${course._id}`,
    })
    const notifications = await told(course)
    expect(notifications).to.have.length(1)
    expect(await page()).to.include(pathOf(completion))
    expect((await manager.get(pathOf(completion))).json).to.include({ state: 'open', together: 5 })
    expect((await send(manager, completion)).status).to.equal(204)
    expect((await manager.get(pathOf(completion))).json.state).to.equal('answered')
    expect(await page()).not.to.include(pathOf(completion))
  })

  it('says before one answers what becomes of the answers, and takes them without any script', async () => {
    const course = await taughtCourse()
    await complete(manager, course)
    const { text } = await manager.get(pathOf(sheetOf(course)), { accept: 'text/html' })
    expect(text).to.include('nothing before 5 people have answered')
    expect(text.indexOf('without your name')).to.be.below(text.indexOf('<form class="stack'))
  })

  it('is answered once, also by two clicks at once', async () => {
    const course = await taughtCourse()
    await complete(manager, course)
    const sheet = sheetOf(course)
    const both = await Promise.all([send(manager, sheet), send(manager, sheet)])
    for (const { status } of both) expect(status).to.be.oneOf([204, 409])
    const again = await send(manager, sheet)
    expect([again.status, again.json.code]).to.deep.equal([409, words.twice])
    const [batch] = await BatchModel.find({ course: course._id }).lean<Batch[]>()
    expect(batch?.waiting).to.have.length(1)
  })

  it('is nobody else’s to see or to answer', async () => {
    const course = await taughtCourse()
    await complete(manager, course)
    const sheet = sheetOf(course)
    for (const role of ['learner', 'trainer', 'coordinator', 'admin']) {
      const other = await palier.as(`${role}@demo.palier`)
      expect((await other.get(pathOf(sheet))).status, role).to.equal(404)
      expect((await send(other, sheet)).status, role).to.equal(404)
    }
    expect(await BatchModel.exists({ course: course._id })).to.equal(null)
  })

  it('refuses what is no answer, and says which statement wants a mark', async () => {
    const course = await taughtCourse()
    await complete(manager, course)
    const sheet = sheetOf(course)
    for (const wrong of [
      { relevance: 6 },
      { relevance: 0 },
      { relevance: 2.5 },
      { relevance: '' },
    ]) {
      const { status, json } = await send(manager, sheet, { ...agreeing, ...wrong })
      expect([status, json.errors[0].code]).to.deep.equal([422, words.mark])
    }
    const long = await send(manager, sheet, { ...agreeing, useful: 'a'.repeat(1001) })
    expect(long.json.errors[0].code).to.equal('core:field-too-long')
    const nothing = await send(manager, sheet, {})
    expect(nothing.json.errors).to.have.length(6)
    expect(await BatchModel.exists({ course: course._id })).to.equal(null)
  })

  it('shows its results to those who follow the course, and to nobody else', async () => {
    const course = await taughtCourse()
    const path = `/courses/${course._id}/evaluation`
    for (const role of ['trainer', 'admin'])
      expect((await (await palier.as(`${role}@demo.palier`)).get(path)).status, role).to.equal(200)
    for (const program of [learner, manager])
      for (const one of [path, `${path}/remarks`, `${path}?format=csv`])
        expect((await program.get(one)).status).to.equal(403)
    expect((await learner.post(`${path}/switch`, { sheet: 'off' })).status).to.equal(403)
    const page = async (program: Program, at: string) =>
      (await program.get(at, { accept: 'text/html' })).text
    expect(await page(trainer, `/courses/${course._id}/edit`)).to.include(path)
    expect(await page(trainer, `/courses/${course._id}`)).to.include(path)
    expect(await page(learner, `/courses/${course._id}`)).not.to.include(path)
  })

  it('is turned off for a course: nobody is asked, and nothing is taken', async () => {
    const course = await taughtCourse()
    const asked = await sheetOfSomebody(course)
    const turn = (sheet: string) =>
      trainer.post(`/courses/${course._id}/evaluation/switch`, { sheet })
    for (const _ of [1, 2]) expect((await turn('off')).status).to.equal(204)
    const logged = { action: 'evaluation:turned-off', object: course._id } as const
    expect(await AuditModel.countDocuments(logged)).to.equal(1)
    await complete(manager, course)
    expect(await told(course)).to.have.length(0)
    expect(await SheetModel.findById(sheetOf(course)).lean()).to.equal(null)
    await answer(asked, buildAnswer(5)).then(
      () => expect.fail('it was taken'),
      ({ code }: { code: string }) => expect(code).to.equal(words.off),
    )
    expect((await results(course)).isOn).to.equal(false)
    await turn('on')
    await answer(asked, buildAnswer(5))
  })

  it('asks again after another cycle, and keeps the sheets apart', async () => {
    const course = await taughtCourse()
    await complete(manager, course)
    expect((await send(manager, sheetOf(course))).status).to.equal(204)
    await beginCycle({ _id: `${person}|${course._id}`, cycle: 1 }, { by: person })
    await manager.post(`/learn/${course.activities[0]?.id ?? ''}/progress`, { done: true })
    await deliverDue()
    expect(await told(course)).to.have.length(2)
    expect((await send(manager, sheetOf(course))).json.code).to.equal(words.twice)
    expect((await send(manager, sheetOf(course, 2))).status).to.equal(204)
  })

  it('is in one’s own data without its ballot', async () => {
    const course = await taughtCourse()
    await complete(manager, course)
    await SheetModel.updateOne({ _id: sheetOf(course) }, { $set: { ballot: randomUUID() } })
    const kind = kinds().find(({ model }) => model === 'evaluation.Sheet')
    const records = []
    if (kind) for await (const record of recordsOf(kind, person)) records.push(record)
    const own = records.find(({ _id }) => _id === sheetOf(course))
    expect(own).to.include({ person, isAnswered: false }).and.not.to.have.property('ballot')
  })
})
