import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { ConsentModel } from '../../../server/domain/learning/consents/models.js'
import { EnrolmentModel, type Course } from '../../../server/domain/learning/models.js'
import { addPerson } from '../../../server/domain/organisation/directory.js'
import { UnitModel } from '../../../server/domain/organisation/models.js'
import { createUnit } from '../../../server/domain/organisation/units.js'
import { systemActor } from '../../../server/domain/people/access.js'
import { PersonModel } from '../../../server/domain/people/models.js'
import { hashPassword } from '../../../server/domain/people/passwords/passwords.js'
import { grantRole } from '../../../server/domain/people/roles.js'
import type { Id } from '../../../server/kernel/contract.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import { getPage, postForm, signIn } from '../../support/session.js'
import { idOf, storeCourse } from './support/taking.js'

const system = systemActor('test')
const password = 'a long enough one'

interface Guest {
  readonly id: Id
  readonly email: string
  readonly program: Program
}

describe('a course that another institution gives', function () {
  this.timeout(120_000)
  let palier: TestApp
  let guest: Guest
  let course: Course
  let elsewhere: Id

  before(async () => {
    palier = await withDemo()
    elsewhere = `elsewhere-${randomUUID().slice(0, 8)}`
    await createUnit(system, { id: elsewhere, name: 'House of Elsewhere', kind: 'institution' })
  })
  beforeEach(async () => {
    guest = await somebodyElsewhere()
    course = await storeCourse()
  })

  after(async () => {
    await PersonModel.deleteMany({ institution: elsewhere })
    await UnitModel.deleteOne({ _id: elsewhere })
  })

  /** Somebody of the other institution, who coaches in this one and so knows of its courses. */
  async function somebodyElsewhere(): Promise<Guest> {
    const email = `${randomUUID()}@elsewhere.palier`
    const form = { givenName: 'Gu', familyName: 'Est', language: 'en', email, unit: elsewhere }
    const { _id: id } = await addPerson(system, { ...form, invite: false } as never)
    const passwordHash = await hashPassword(password)
    await PersonModel.updateOne({ _id: id }, { $set: { passwordHash, status: 'active' } })
    await grantRole(system, { person: id, role: 'coach', unit: 'ispm' })
    return { id, email, program: await palier.as(email) }
  }

  const enrol = ({ program }: Guest, form: object = {}, of = course) =>
    program.post(`/courses/${of._id}/enrolments`, form)
  const listed = async ({ program }: Guest) => (await program.get('/me/consents')).json.items

  it('asks whoever enrols, and takes nobody in who does not agree', async () => {
    const refused = await enrol(guest)
    expect(refused.status, refused.text).to.equal(422)
    expect(refused.json.code).to.equal('learning:consent-missing')
    expect(refused.json.institutions).to.deep.equal(['ispm'])
    expect(refused.json.errors[0]).to.include({ path: 'agreed', code: 'learning:consent-missing' })
    expect((await enrol(guest, { agreed: false })).status).to.equal(422)
    expect(await EnrolmentModel.countDocuments({ person: guest.id })).to.equal(0)
    expect(await listed(guest)).to.deep.equal([])
  })

  it('notes who agreed to what, to which text and when, once', async () => {
    expect((await enrol(guest, { agreed: true })).status).to.equal(201)
    expect((await enrol(guest, { agreed: true })).status).to.equal(200)
    const [consent, ...more] = await listed(guest)
    expect(more).to.deep.equal([])
    expect(consent).to.deep.include({ version: 1, withdrawnAt: null })
    expect(consent.course.id).to.equal(course._id)
    expect(consent.institutions).to.deep.equal(['Institute of Social Protection of Maravelle'])
    expect(Date.parse(consent.at)).to.be.closeTo(Date.now(), 60_000)
    const kept = await ConsentModel.findById(consent.id).lean()
    expect(kept).to.include({ person: guest.id, language: 'en' })
  })

  it('says on its page who sees what, with a box to tick, and shows the form again without it', async () => {
    const cookie = await signIn(palier.url, guest.email, password)
    const path = `/courses/${course._id}`
    const page = await (await getPage(palier.url, path, cookie)).text()
    expect(page)
      .to.include('Institute of Social Protection of Maravelle')
      .and.include('name="agreed"')
    const refused = await postForm(palier.url, `${path}/enrolments`, {}, cookie)
    expect(refused.status).to.equal(422)
    expect(await refused.text()).to.include('Another institution would see you take part')
    const done = await postForm(palier.url, `${path}/enrolments`, { agreed: 'true' }, cookie)
    expect(done.status).to.equal(303)
    const after = await (await getPage(palier.url, path, cookie)).text()
    expect(after).not.to.include('name="agreed"')
    expect(after).to.include('Those who give the course at')
  })

  it('asks nobody of its own institution, unless a trainer is of another', async () => {
    const learner = await palier.as('learner@demo.palier')
    expect((await learner.post(`/courses/${course._id}/enrolments`)).status).to.equal(201)
    const joint = await storeCourse({ trainers: [guest.id] })
    const refused = await learner.post(`/courses/${joint._id}/enrolments`)
    expect(refused.json.institutions).to.deep.equal([elsewhere])
    const agreed = { agreed: true }
    expect((await learner.post(`/courses/${joint._id}/enrolments`, agreed)).status).to.equal(201)
  })

  it('tells whoever is enrolled by somebody else, and asks them nothing', async () => {
    const taught = await storeCourse({ trainers: [await idOf('trainer')] })
    const trainer = await palier.as('trainer@demo.palier')
    const given = await trainer.post(`/courses/${taught._id}/enrolments`, { person: guest.id })
    expect(given.status, given.text).to.equal(201)
    const [told] = (await guest.program.get('/notifications')).json.items
    expect(told.kind).to.equal('learning:enrolled')
    expect(told.body).to.include('at Institute of Social Protection of Maravelle see your name')
    expect(await listed(guest)).to.deep.equal([])
  })

  it('is left by taking the agreement back, and asks again whoever comes again', async () => {
    await enrol(guest, { agreed: true })
    const [consent] = await listed(guest)
    const other = await somebodyElsewhere()
    const path = `/me/consents/${consent.id}/withdraw`
    expect((await other.program.post(path)).status).to.equal(404)
    expect((await guest.program.post(path)).status).to.equal(204)
    expect((await guest.program.post(path)).status).to.equal(204)
    const [withdrawn] = await listed(guest)
    expect(Date.parse(withdrawn.withdrawnAt)).to.be.closeTo(Date.now(), 60_000)
    const enrolment = await EnrolmentModel.findOne({ person: guest.id, course: course._id }).lean()
    expect(enrolment?.status).to.equal('ended')
    expect((await enrol(guest)).json.code).to.equal('learning:consent-missing')
    expect((await enrol(guest, { agreed: true })).status).to.equal(201)
    expect(await listed(guest)).to.have.length(2)
  })
})
