import { expect } from 'chai'
import { followPeople, wakeObligations } from '../../../server/domain/assigning/following.js'
import { ObligationModel } from '../../../server/domain/assigning/models.js'
import { sendReminders } from '../../../server/domain/assigning/reminding.js'
import {
  AttemptModel,
  CompletionModel,
  EnrolmentModel,
  type Course,
} from '../../../server/domain/learning/models.js'
import { NotificationModel } from '../../../server/domain/notifications/models.js'
import { CalendarModel } from '../../../server/domain/organisation/models.js'
import { AuditModel } from '../../../server/domain/people/audit-models.js'
import { PersonModel, TokenModel } from '../../../server/domain/people/models.js'
import { resetClock, setClock } from '../../../server/platform/clock.js'
import { startJobs, stopJobs } from '../../../server/platform/jobs.js'
import { deliverDue } from '../../../server/platform/outbox.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import { idOf, storeCourse } from '../learning/support/taking.js'

describe('overseeing what is assigned', function () {
  this.timeout(300_000)
  let palier: TestApp
  let learner: string
  const as: Record<string, Program> = {}

  before(async () => {
    palier = await withDemo()
    for (const role of ['manager', 'learner', 'coordinator'])
      as[role] = await palier.as(`${role}@demo.palier`)
    as.elsewhere = await palier.as('siobhan.keane@demo.palier')
    learner = await idOf('learner')
    // Years pass here: no scheduled work may see them, and nobody is signed out by them.
    await stopJobs()
    await TokenModel.updateMany({}, { $set: { expiresAt: new Date('2040-01-01') } })
  })
  after(() => startJobs())
  afterEach(async () => {
    resetClock()
    await CalendarModel.deleteMany({})
    await PersonModel.updateOne({ _id: learner }, { $set: { timeZone: 'UTC' } })
  })

  const program = (name: string): Program => as[name] ?? palier.anonymous
  const at = (time: string): void => setClock(() => new Date(time))
  const path = ({ _id }: Course): string =>
    `/obligations/${encodeURIComponent(`${learner}|${_id}`)}`
  const assigned = async (form: object): Promise<Course> => {
    const course = await storeCourse()
    const { status, text } = await program('coordinator').post(`/people/${learner}/assignments`, {
      course: course._id,
      ...form,
    })
    expect(status, text).to.equal(201)
    return course
  }
  const told = (kind: string, course: Course): Promise<number> =>
    NotificationModel.countDocuments({
      person: learner,
      kind: `assigning:${kind}`,
      'data.course': course._id,
    }).exec()
  const obligation = (course: Course) => ObligationModel.findById(`${learner}|${course._id}`).lean()
  const remindAt = async (time: string): Promise<void> => {
    at(time)
    await sendReminders.run(undefined)
    await sendReminders.run(undefined)
  }
  const complete = async (course: Course): Promise<void> => {
    const step = course.activities[0]?.id ?? ''
    await program('learner').post(`/learn/${step}/progress`, { done: true })
    await deliverDue()
  }

  it('reminds at nine where the person lives, before and after the date, each time once', async () => {
    await PersonModel.updateOne({ _id: learner }, { $set: { timeZone: 'America/Mexico_City' } })
    at('2031-03-03T12:00:00Z')
    const course = await assigned({ due: '2031-03-20' })
    // Two weeks before is a Thursday; Mexico is six hours behind.
    await remindAt('2031-03-06T14:50:00Z')
    expect(await told('reminder', course)).to.equal(0)
    await remindAt('2031-03-06T15:00:00Z')
    expect(await told('reminder', course)).to.equal(1)
    await remindAt('2031-03-06T20:00:00Z')
    expect(await told('reminder', course)).to.equal(1)
    await remindAt('2031-03-17T15:10:00Z')
    expect(await told('reminder', course)).to.equal(2)
    await remindAt('2031-03-21T15:00:00Z')
    expect(await told('reminder', course)).to.equal(3)
    const last = await NotificationModel.findOne({ kind: 'assigning:reminder', person: learner })
      .sort({ at: -1 })
      .lean()
    expect((last?.data as { late: boolean }).late).to.equal(true)
  })

  it('waits for the morning of a working day, and makes up for a standstill by one reminder', async () => {
    await CalendarModel.create({
      _id: 'ispm',
      restDays: [0, 6],
      holidays: [{ day: '2031-03-24', name: 'Founding day' }],
    })
    at('2031-03-03T12:00:00Z')
    const course = await assigned({ due: '2031-03-20' })
    // Out of service from the 5th to the night of Saturday the 22nd: three reminders are missed.
    await remindAt('2031-03-22T23:30:00Z')
    expect(await told('reminder', course)).to.equal(0)
    await remindAt('2031-03-24T10:00:00Z')
    expect(await told('reminder', course)).to.equal(0)
    expect((await obligation(course))?.remindAt?.toISOString()).to.equal('2031-03-25T09:00:00.000Z')
    await remindAt('2031-03-25T09:00:00Z')
    expect(await told('reminder', course)).to.equal(1)
    await remindAt('2031-03-26T09:00:00Z')
    expect(await told('reminder', course)).to.equal(1)
  })

  it('reminds nobody who has completed it, or is exempt', async () => {
    at('2031-03-03T12:00:00Z')
    const [done, spared] = [
      await assigned({ due: '2031-03-20' }),
      await assigned({ due: '2031-03-20' }),
    ]
    await complete(done)
    await program('manager').post(`${path(spared)}/exempt`, { reason: 'On parental leave' })
    await remindAt('2031-03-21T10:00:00Z')
    expect([await told('reminder', done), await told('reminder', spared)]).to.deep.equal([0, 0])
  })

  it('lets a line manager have somebody reminded, once a day and never at night', async () => {
    at('2031-03-04T22:00:00Z')
    const course = await assigned({ due: '2031-05-20' })
    const remind = () => program('manager').post(`${path(course)}/remind`)
    expect((await program('elsewhere').post(`${path(course)}/remind`)).status).to.equal(404)
    expect((await remind()).status).to.equal(204)
    expect(await told('asked', course)).to.equal(0)
    expect((await remind()).json.code).to.equal('assigning:reminded-today')
    await remindAt('2031-03-05T09:00:00Z')
    expect(await told('asked', course)).to.equal(1)
    expect((await remind()).json.code).to.equal('assigning:reminded-today')
    at('2031-03-06T10:00:00Z')
    expect((await remind()).status).to.equal(204)
    expect(await told('asked', course)).to.equal(2)
    const next = (await obligation(course))?.remindAt?.toISOString()
    expect(next).to.equal('2031-05-06T09:00:00.000Z')
  })

  it('lists who is late to those who oversee them, and to nobody else', async () => {
    at('2031-03-03T12:00:00Z')
    const course = await assigned({ due: '2031-03-10' })
    at('2031-03-12T12:00:00Z')
    const late = async (name: string, query = ''): Promise<string[]> => {
      const { json } = await program(name).get(`/late?course=${course._id}${query}`)
      return (json.items as { person: { id: string } }[]).map(({ person }) => person.id)
    }
    expect(await late('coordinator')).to.deep.equal([learner])
    expect(await late('coordinator', '&unit=bellarive-office')).to.deep.equal([learner])
    expect(await late('coordinator', '&unit=port-salins-office')).to.deep.equal([])
    expect(await late('coordinator', '&q=marchetti')).to.deep.equal([learner])
    expect(await late('coordinator', '&q=nobody')).to.deep.equal([])
    expect(await late('manager')).to.deep.equal([learner])
    expect(await late('elsewhere')).to.deep.equal([])
    expect(await late('elsewhere', '&unit=bellarive-office')).to.deep.equal([])
    await complete(course)
    expect(await late('coordinator')).to.deep.equal([])
  })

  it('exempts with a reason, until a day; the person is told, and the log says who', async () => {
    at('2031-03-03T12:00:00Z')
    const course = await assigned({ due: '2031-03-10' })
    const exempt = (form: object) => program('manager').post(`${path(course)}/exempt`, form)
    expect((await exempt({})).status).to.equal(422)
    expect((await exempt({ reason: 'Secondment', until: '2031-03-01' })).status).to.equal(422)
    expect((await exempt({ reason: 'Secondment', until: '2031-06-30' })).status).to.equal(204)
    expect((await obligation(course))?.status).to.equal('exempt')
    expect((await EnrolmentModel.findById(`${learner}|${course._id}`).lean())?.dueAt).to.equal(
      undefined,
    )
    expect(await told('exempted', course)).to.equal(1)
    const line = await AuditModel.findOne({ action: 'assigning:exempted' }).sort({ _id: -1 }).lean()
    expect(line?.details).to.include({ reason: 'Secondment' })
    expect(line?.actor.person).to.equal(await idOf('manager'))
    expect((await exempt({ reason: 'Once more' })).json.code).to.equal('assigning:not-open')

    at('2031-07-01T01:00:00Z')
    await wakeObligations.run(undefined)
    const open = await obligation(course)
    expect([open?.status, open?.dueAt?.toISOString()]).to.deep.equal([
      'open',
      '2031-06-30T23:59:59.000Z',
    ])
  })

  it('ends an exemption before its time', async () => {
    const course = await assigned({ days: 10 })
    await program('manager').post(`${path(course)}/exempt`, { reason: 'By mistake' })
    expect((await program('manager').post(`${path(course)}/oblige`)).status).to.equal(204)
    expect((await obligation(course))?.status).to.equal('open')
    expect((await program('manager').get(path(course))).json.exemption).to.equal(null)
  })

  it('begins the next cycle when it is time, and keeps what was done before', async () => {
    at('2031-02-01T12:00:00Z')
    const course = await assigned({ months: 24, days: 30 })
    await complete(course)
    expect((await obligation(course))?.status).to.equal('met')
    at('2032-11-01T12:00:00Z')
    await wakeObligations.run(undefined)
    expect((await obligation(course))?.status).to.equal('met')

    at('2032-12-05T12:00:00Z')
    await wakeObligations.run(undefined)
    await wakeObligations.run(undefined)
    const again = await EnrolmentModel.findById(`${learner}|${course._id}`).lean()
    expect([again?.status, again?.cycle]).to.deep.equal(['active', 2])
    expect(again?.dueAt?.toISOString()).to.equal('2033-02-01T23:59:59.000Z')
    expect(again?.activities).to.deep.equal({})
    expect(await told('assigned', course)).to.equal(2)

    at('2033-01-10T12:00:00Z')
    await complete(course)
    await followPeople([learner])
    const { json } = await program('manager').get(path(course))
    expect(json.status).to.equal('met')
    expect(json.completions.map(({ cycle }: { cycle: number }) => cycle)).to.deep.equal([2, 1])
    expect(await CompletionModel.countDocuments({ course: course._id })).to.equal(2)
    expect(await AttemptModel.countDocuments({ course: course._id })).to.equal(2)
    expect((await obligation(course))?.wakeAt?.toISOString().slice(0, 7)).to.equal('2034-11')
  })
})

describe('the working days of an institution', function () {
  this.timeout(300_000)

  it('are said by its administrator, line by line or as a list, and by nobody else', async () => {
    const palier = await withDemo()
    const admin = await palier.as('admin@demo.palier')
    const put = (who: Program, body: object) =>
      who.send('PUT', '/units/ispm/calendar', JSON.stringify(body), {
        'content-type': 'application/json',
        accept: 'application/json',
      })
    const said = { restDays: [5, 6], holidays: '2031-01-01 New Year\n\n2031-05-01\n' }
    expect((await put(admin, said)).status).to.equal(204)
    const { json } = await admin.get('/units/ispm/calendar')
    expect(json.restDays).to.deep.equal([5, 6])
    expect(json.holidays).to.deep.equal([
      { day: '2031-01-01', name: 'New Year' },
      { day: '2031-05-01', name: '' },
    ])
    expect((await put(admin, { holidays: 'Christmas' })).status).to.equal(422)
    expect((await put(await palier.as('coordinator@demo.palier'), said)).status).to.equal(403)
    expect((await admin.get('/units/bellarive-office/calendar')).status).to.equal(404)
    await CalendarModel.deleteMany({})
  })
})
