import { expect } from 'chai'
import { AuditModel } from '../../../server/domain/people/audit-models.js'
import { AbsenceModel } from '../../../server/domain/organisation/models.js'
import { NotificationModel } from '../../../server/domain/notifications/models.js'
import { EnrolmentModel, type Course } from '../../../server/domain/learning/models.js'
import { reportsOf } from '../../../server/domain/organisation/positions.js'
import { forgetGrants } from '../../../server/domain/people/sessions.js'
import type { Name } from '../../../server/kernel/contract.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import { idOf, storeCourse } from '../learning/support/taking.js'

const day = 86_400_000
const inDays = (count: number): string =>
  new Date(Date.now() + count * day).toISOString().slice(0, 10)

interface TeamLine {
  readonly person: { readonly id: string }
  readonly actedFor: string | null
  readonly courses: { readonly course: { id: string }; late: boolean; owed: boolean }[]
  readonly requests: { readonly course: { id: string } }[]
  readonly gaps: object[]
}

describe('my team', function () {
  this.timeout(300_000)
  let palier: TestApp
  let manager: Program
  let deputy: Program
  let learner: string
  let amara: string

  before(async () => {
    palier = await withDemo()
    manager = await palier.as('manager@demo.palier')
    deputy = await palier.as('karim.benslimane@demo.palier')
    learner = await idOf('learner')
    amara = await idOf('manager')
  })
  afterEach(async () => {
    await AbsenceModel.deleteMany({})
    await forgetGrants(['karim-benslimane', learner])
  })

  const lines = async (who: Program): Promise<TeamLine[]> => (await who.get('/team')).json.items
  const lineOf = async (who: Program, person: string): Promise<TeamLine | undefined> =>
    (await lines(who)).find((line) => line.person.id === person)
  const away = (form: object) => manager.post('/team/absences', form)
  const obligationPath = ({ _id }: Course): string => encodeURIComponent(`${learner}|${_id}`)
  const lastLine = (action: Name) => AuditModel.findOne({ action }).sort({ _id: -1 }).lean()

  it('shows each report with what is owed, begun, asked for, and missing to the post; nobody else', async () => {
    const [owed, begun, wanted] = [
      await storeCourse(),
      await storeCourse(),
      await storeCourse({ enrolment: { rule: 'approval' } }),
    ]
    const self = await palier.as('learner@demo.palier')
    await manager.post(`/people/${learner}/assignments`, { course: owed._id, due: inDays(20) })
    await self.post(`/courses/${begun._id}/enrolments`)
    await self.post(`/courses/${wanted._id}/enrolments`)
    const all = await lines(manager)
    expect(all.map(({ person }) => person.id).sort()).to.deep.equal((await reportsOf(amara)).sort())
    const line = all.find(({ person }) => person.id === learner)
    const found = (course: Course) => line?.courses.find((one) => one.course.id === course._id)
    expect(found(owed)).to.include({ owed: true, late: false })
    expect(found(begun)).to.include({ owed: false })
    expect(line?.requests.map(({ course }) => course.id)).to.include(wanted._id)
    expect(line?.gaps).to.not.be.empty
  })

  it('is for those who have reports, and their deputies', async () => {
    const alone = await palier.as('noe.bertin@demo.palier')
    expect((await alone.get('/team')).status).to.equal(403)
    expect((await (await palier.as('coordinator@demo.palier')).get('/team')).status).to.equal(403)
    expect((await manager.get('/', { accept: 'text/html' })).text).to.include('href="/team"')
  })

  it('is the deputy’s on the days given, and on no other', async () => {
    expect((await deputy.get('/team')).status).to.equal(403)
    expect(
      (await away({ deputy: 'karim-benslimane', from: inDays(2), to: inDays(9) })).status,
    ).to.equal(204)
    expect((await deputy.get('/team')).status).to.equal(403)
    expect((await away({ deputy: 'karim-benslimane', to: inDays(1) })).status).to.equal(204)
    const line = await lineOf(deputy, learner)
    expect(line?.actedFor).to.include('Amara')
    expect((await deputy.get(`/people/${learner}`)).status).to.equal(200)
    const current = await AbsenceModel.findOne({ from: { $lte: new Date() } }).lean()
    expect((await deputy.post(`/team/absences/${current?._id}/end`)).status).to.equal(404)
    expect((await manager.post(`/team/absences/${current?._id}/end`)).status).to.equal(204)
    expect((await deputy.get('/team')).status).to.equal(403)
    expect((await deputy.get(`/people/${learner}`)).status).to.equal(404)
  })

  it('takes as deputies those around, for days that are to come', async () => {
    const code = async (form: object): Promise<string> => (await away(form)).json.errors[0].code
    expect(await code({ deputy: 'iwan-price', to: inDays(3) })).to.equal(
      'organisation:no-such-person',
    )
    expect(await code({ deputy: 'karim-benslimane', to: inDays(-3) })).to.equal(
      'organisation:ends-before-it-begins',
    )
    expect((await deputy.post('/team/absences', { deputy: amara, to: inDays(2) })).status).to.equal(
      403,
    )
  })

  it('says who acted for whom, on the page, to the person and in the log', async () => {
    const [course, wanted] = [
      await storeCourse(),
      await storeCourse({ enrolment: { rule: 'approval' } }),
    ]
    await away({ deputy: 'karim-benslimane', to: inDays(3) })
    const self = await palier.as('learner@demo.palier')
    await self.post(`/courses/${wanted._id}/enrolments`)
    expect(
      await NotificationModel.countDocuments({
        person: 'karim-benslimane',
        kind: 'learning:requested',
        'data.course': wanted._id,
      }),
    ).to.equal(1)

    const made = await deputy.post(`/people/${learner}/assignments`, {
      course: course._id,
      due: inDays(40),
    })
    expect([made.status, made.json.by.actedFor]).to.deep.equal([201, 'Amara Delacourt'])
    expect((await lastLine('assigning:assigned'))?.details).to.include({ actedFor: amara })
    const told = await NotificationModel.findOne({
      person: learner,
      kind: 'assigning:assigned',
      'data.course': course._id,
    }).lean()
    expect(told?.data).to.include({ name: 'Karim Benslimane', actedFor: 'Amara Delacourt' })

    expect((await deputy.post(`/team/${obligationPath(course)}/remind`)).status).to.equal(204)
    expect((await lastLine('assigning:reminded'))?.details).to.include({ actedFor: amara })
    const request = `/enrolments/${obligationPath(wanted)}`
    expect((await deputy.post(`${request}/approve`)).json.status).to.equal('active')
    expect((await lastLine('learning:approved'))?.details).to.include({ actedFor: amara })
    const exempted = await deputy.post(`/obligations/${obligationPath(course)}/exempt`, {
      reason: 'Moved',
    })
    expect(exempted.status).to.equal(204)
    expect((await lastLine('assigning:exempted'))?.details).to.include({ actedFor: amara })
    const page = await manager.get(`/obligations/${obligationPath(course)}`)
    expect(page.json.exemption.by).to.deep.equal({
      name: 'Karim Benslimane',
      actedFor: 'Amara Delacourt',
    })
    await manager.post(`/obligations/${obligationPath(course)}/oblige`)
    expect((await lastLine('assigning:exemption-ended'))?.details).to.not.have.property('actedFor')
  })

  it('records for whom a deputy enrolled, once, and says so to the person', async () => {
    await away({ deputy: 'karim-benslimane', to: inDays(3) })
    const course = await storeCourse()
    const path = `/courses/${course._id}/enrolments`
    for (const status of [201, 200])
      expect((await deputy.post(path, { person: learner })).status).to.equal(status)

    const recorded = await AuditModel.find({ action: 'learning:enrolled-other' }).lean()
    expect(recorded.map(({ object, details }) => [object, details['actedFor']])).to.deep.equal([
      [learner, amara],
    ])
    const enrolment = await EnrolmentModel.findById(`${learner}|${course._id}`).lean()
    expect(enrolment).to.include({ enrolledBy: 'karim-benslimane', enrolledFor: amara })
    const told = await NotificationModel.findOne({
      person: learner,
      kind: 'learning:enrolled',
      'data.course': course._id,
    }).lean()
    expect(told?.data).to.include({ name: 'Karim Benslimane', actedFor: 'Amara Delacourt' })

    const another = await storeCourse()
    await manager.post(`/courses/${another._id}/enrolments`, { person: learner })
    const last = await lastLine('learning:enrolled-other')
    expect(last?.details).to.not.have.property('actedFor')
  })

  it('lets a deputy decide nothing about itself', async () => {
    await away({ deputy: learner, to: inDays(3) })
    const wanted = await storeCourse({ enrolment: { rule: 'approval' } })
    const self = await palier.as('learner@demo.palier')
    await self.post(`/courses/${wanted._id}/enrolments`)
    const request = `/enrolments/${obligationPath(wanted)}/approve`
    expect((await self.post(request)).status).to.equal(403)
    expect(await lineOf(self, learner)).to.equal(undefined)
    expect((await manager.post(request)).json.status).to.equal('active')
  })
})
