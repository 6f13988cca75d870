import { expect } from 'chai'
import { AssignmentModel, type Assignment } from '../../../server/domain/assigning/models.js'
import { movedBy } from '../../../server/domain/assigning/repeating.js'
import type { Course } from '../../../server/domain/learning/models.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import { idOf, storeCourse } from '../learning/support/taking.js'
import { move, newPerson } from './support/people.js'

describe('a copy that is assigned as the course it was made of', function () {
  this.timeout(300_000)
  let palier: TestApp
  let coordinator: Program
  let from: Course
  let copy: Course

  before(async () => {
    palier = await withDemo()
    coordinator = await palier.as('coordinator@demo.palier')
  })

  beforeEach(async () => {
    from = await storeCourse()
    copy = await storeCourse({ copiedFrom: from._id })
    const assign = (path: string, form: object) =>
      coordinator.post(`${path}/assignments`, { course: from._id, ...form })
    await assign('/units/bellarive-office', { due: '2030-01-31', months: 24 })
    await assign('/units/port-salins-office', { days: 30 })
    await assign(`/people/${await idOf('learner')}`, { due: '2030-02-28T08:00:00.000Z' })
    const ended = await assign('/units/bellarive-hospital', { due: '2030-03-01' })
    await coordinator.post(`/assignments/${ended.json.id}/end`)
  })

  const path = (): string => `/courses/${copy._id}/assignments`
  const ofCopy = (): Promise<Assignment[]> =>
    AssignmentModel.find({ course: copy._id }).sort({ at: 1, _id: 1 }).lean<Assignment[]>().exec()

  it('is for the same people, its fixed dates later, once however often that is asked', async () => {
    const first = await coordinator.post(path(), { days: 365 })
    expect([first.status, first.json.assignments]).to.deep.equal([201, 3])
    const again = await coordinator.post(path(), { days: 365 })
    expect([again.status, again.json.code]).to.deep.equal([409, 'assigning:nothing-to-repeat'])
    const made = await ofCopy()
    expect(made.map(({ audience }) => audience.unit ?? 'a person')).to.have.members([
      'bellarive-office',
      'port-salins-office',
      'a person',
    ])
    const dues = made.map(({ due }) => (due && 'at' in due ? due.at.toISOString() : due))
    expect(dues).to.deep.include.members([
      { day: '2031-01-31' },
      { days: 30 },
      '2031-02-28T08:00:00.000Z',
    ])
    expect(made.find(({ audience }) => audience.unit === 'bellarive-office')?.months).to.equal(24)
  })

  it('is assigned as far as one assigns oneself, or not at all', async () => {
    const elsewhere = await palier.as('siobhan.keane@demo.palier')
    const refused = await elsewhere.post(path(), { days: 0 })
    expect([refused.status, refused.json.code]).to.deep.equal([409, 'assigning:nothing-to-repeat'])
    const learner = await palier.as('noe.bertin@demo.palier')
    expect((await learner.post(path(), { days: 0 })).status).to.equal(409)
    expect(await ofCopy()).to.deep.equal([])
  })

  it('does not follow a person out of one’s reach', async () => {
    const person = await newPerson(coordinator, 'bellarive-office')
    const assigned = { course: from._id, due: '2030-02-28' }
    await coordinator.post(`/people/${person}/assignments`, assigned)
    await move(await palier.as('admin@demo.palier'), person, { unit: 'highlands-delegation' })
    expect((await coordinator.post(path(), { days: 0 })).json.assignments).to.equal(3)
    const people = (await ofCopy()).flatMap(({ audience }) => audience.people ?? [])
    expect(people).to.deep.equal([await idOf('learner')])
  })

  it('is refused whole where one date would be over, or while it is a draft', async () => {
    const bellarive = { 'audience.unit': 'bellarive-office', course: from._id }
    await AssignmentModel.updateOne(bellarive, { $set: { due: { day: '2027-01-01' } } })
    const over = await coordinator.post(path(), { days: -1000 })
    expect([over.status, over.json.code]).to.deep.equal([422, 'assigning:due-past'])
    expect(await ofCopy()).to.deep.equal([])
    const draft = await storeCourse({ copiedFrom: from._id, status: 'draft' })
    const admin = await palier.as('admin@demo.palier')
    const early = await admin.post(`/courses/${draft._id}/assignments`, {})
    expect([early.status, early.json.code]).to.deep.equal([409, 'learning:not-published'])
  })

  it('is offered on its page to whoever may', async () => {
    const html = { accept: 'text/html' }
    const offer = `action="${path()}"`
    expect((await coordinator.get(`/courses/${copy._id}`, html)).text).to.include(offer)
    const learner = await palier.as('noe.bertin@demo.palier')
    expect((await learner.get(`/courses/${copy._id}`, html)).text).not.to.include(offer)
    expect((await coordinator.get(`/courses/${from._id}`, html)).text).not.to.include('id="repeat"')
  })

  it('moves fixed dates over ends of months and leap days, and leaves what is counted from arrival', () => {
    expect(movedBy({ day: '2027-02-28' }, 365)).to.deep.equal({ day: '2028-02-28' })
    expect(movedBy({ day: '2028-02-28' }, 1)).to.deep.equal({ day: '2028-02-29' })
    expect(movedBy({ days: 10 }, 365)).to.deep.equal({ days: 10 })
    expect(movedBy(undefined, 365)).to.equal(undefined)
  })
})
