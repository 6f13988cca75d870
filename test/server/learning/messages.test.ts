import { expect } from 'chai'
import { EnrolmentModel, type Course } from '../../../server/domain/learning/models.js'
import { MessageModel } from '../../../server/domain/learning/messages/models.js'
import { deliverMessage } from '../../../server/domain/learning/messages/sending.js'
import { NotificationModel } from '../../../server/domain/notifications/models.js'
import { runDueJobs } from '../../../server/platform/jobs.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import { idOf, storeCourse } from './support/taking.js'

describe('a message to those who take part in a course', function () {
  this.timeout(300_000)
  let palier: TestApp
  let trainer: Program
  let coordinator: Program
  let course: Course
  const ids: Record<string, string> = {}
  const said = { subject: 'The last step', text: 'It takes ten minutes.\nDo it before Friday.' }

  before(async () => {
    palier = await withDemo()
    trainer = await palier.as('trainer@demo.palier')
    coordinator = await palier.as('coordinator@demo.palier')
    for (const role of ['trainer', 'manager', 'learner', 'coordinator'])
      ids[role] = await idOf(role)
    ids.elsewhere = await idOf('siobhan.keane')
  })

  beforeEach(async () => {
    course = await storeCourse({ trainers: [ids.trainer ?? ''] })
    const standings = {
      trainer: { status: 'active' },
      learner: { status: 'active' },
      manager: { status: 'completed', completedAt: new Date() },
      elsewhere: { status: 'active' },
      coordinator: { status: 'requested' },
    }
    for (const [role, standing] of Object.entries(standings)) {
      const person = ids[role] ?? ''
      await EnrolmentModel.create({
        _id: `${person}|${course._id}`,
        ...{ person, course: course._id, cycle: 1, activities: {}, revision: 1 },
        ...{ enrolledAt: new Date(), enrolledBy: person },
        ...standing,
      } as never)
    }
  })

  const path = (): string => `/courses/${course._id}/messages`
  const toldOf = async (): Promise<string[]> => {
    const kind = 'learning:written'
    const found = await NotificationModel.find({ kind, 'data.course': course._id }).lean()
    const roles = Object.entries(ids)
    return found.map(({ person }) => roles.find(([, id]) => id === person)?.[0] ?? person).sort()
  }

  it('reaches everybody who takes part, whoever they belong to, and not its author', async () => {
    const { status, json } = await trainer.post(path(), { to: 'everybody', ...said })
    expect(status).to.equal(201)
    expect(json).to.include({ to: 'everybody', ...said })
    await runDueJobs()
    expect(await toldOf()).to.deep.equal(['elsewhere', 'learner', 'manager'])
    const [line] = (await trainer.get(path())).json.items
    expect(line).to.include({ ...said, told: 3 })
  })

  it('reaches those who have not finished alone, where it is for them', async () => {
    await trainer.post(path(), { to: 'unfinished', ...said })
    await runDueJobs()
    expect(await toldOf()).to.deep.equal(['elsewhere', 'learner'])
  })

  it('of a line manager goes to the own reports alone', async () => {
    await (await palier.as('manager@demo.palier')).post(path(), { to: 'everybody', ...said })
    await runDueJobs()
    expect(await toldOf()).to.deep.equal(['learner'])
  })

  it('of a coordinator goes to the people of the unit alone', async () => {
    await coordinator.post(path(), { to: 'everybody', ...said })
    await runDueJobs()
    expect(await toldOf())
      .to.include('learner')
      .and.not.include('elsewhere')
    const own = (await coordinator.get(path())).json.items
    expect(own).to.have.length(1)
  })

  it('is one message when its form is sent twice, and tells nobody twice when its work is done again', async () => {
    const form = { id: crypto.randomUUID(), to: 'everybody', ...said }
    const first = await trainer.post(path(), form)
    const second = await trainer.post(path(), form)
    expect([first.status, second.status]).to.deep.equal([201, 200])
    const taken = await coordinator.post(path(), form)
    expect([taken.status, taken.json.code]).to.deep.equal([409, 'learning:id-taken'])
    await runDueJobs()
    await deliverMessage.run({ message: form.id })
    expect(await toldOf()).to.have.length(3)
  })

  it('is refused to whoever neither teaches nor answers for anybody in it, and without words', async () => {
    const nobody = await palier.as('noe.bertin@demo.palier')
    expect((await nobody.post(path(), { to: 'everybody', ...said })).status).to.equal(403)
    expect((await nobody.get(path())).status).to.equal(403)
    for (const wrong of [{ text: '' }, { subject: 'a'.repeat(151) }, { to: 'the-board' }]) {
      expect((await trainer.post(path(), { to: 'everybody', ...said, ...wrong })).status).to.equal(
        422,
      )
    }
    expect(await MessageModel.countDocuments({ course: course._id })).to.equal(0)
  })

  it('is offered where those who take part are listed, and read in the inbox', async () => {
    const html = { accept: 'text/html' }
    const page = await trainer.get(`/courses/${course._id}/participants`, html)
    expect(page.text).to.include(path())
    expect((await trainer.get(path(), html)).status).to.equal(200)
    await trainer.post(path(), { to: 'everybody', ...said })
    await runDueJobs()
    const inbox = await (await palier.as('learner@demo.palier')).get('/notifications', html)
    expect(inbox.text).to.include(said.subject).and.include('Do it before Friday.')
  })
})
