import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { AuditModel, type AuditEntry } from '../../../server/domain/people/audit-models.js'
import { rolesOf } from '../../../server/domain/people/roles.js'
import { endDueViews } from '../../../server/domain/support/viewing.js'
import type { Id } from '../../../server/kernel/contract.js'
import { now, resetClock, setClock } from '../../../server/platform/clock.js'
import { stopTestApp, withDemo, type Answer, type TestApp } from '../../support/app.js'
import { openMailbox, type Mailbox } from '../../support/mailbox.js'
import { postForm, signIn } from '../../support/session.js'
import { somebodyIn, type Somebody } from '../../support/somebody.js'
import { eventually, idOf } from '../learning/support/taking.js'
import { reason, supporterOf, type Supporter } from './support/looking.js'

describe('looking at Palier as a person does', function () {
  this.timeout(300_000)
  let palier: TestApp
  let mailbox: Mailbox
  let person: Somebody
  let support: Supporter
  let administrator: Id

  before(async () => {
    mailbox = await openMailbox()
    palier = await withDemo({ smtpUrl: mailbox.smtpUrl })
    administrator = await idOf('admin')
  })
  beforeEach(async () => {
    person = await somebodyIn(palier)
    support = await supporterOf(palier)
  })
  afterEach(async () => {
    resetClock()
    await support.post('/support/stop')
  })
  after(async () => {
    await stopTestApp()
    await mailbox.close()
  })

  const begin = async (form = {}): Promise<Answer> => {
    const answer = await support.look(person.id, form)
    expect(answer.status, answer.text).to.equal(201)
    return answer
  }
  const lines = (): Promise<AuditEntry[]> =>
    AuditModel.find({ object: person.id, action: /^support:/ })
      .sort({ _id: 1 })
      .lean<AuditEntry[]>()
      .exec()
  const own = async () => (await (await palier.as(person.email)).get('/me/support')).json.items

  it('shows what the person sees, under a bar that says so, and oneself again after', async () => {
    expect(await support.who()).to.equal(administrator)
    await begin()
    expect(await support.who()).to.equal(person.id)
    expect((await support.get('/people')).status).to.equal(403)
    const page = await support.page('/')
    expect(page).to.include('You see Palier as Some Body').and.include(reason)
    expect(page).to.include('<title>As Some Body · ').and.include('action="/support/stop"')

    expect((await support.post('/support/stop')).json).to.deep.equal({ person: person.id })
    expect(await support.who()).to.equal(administrator)
    expect(await support.page('/')).not.to.include('support-bar')
  })

  it('tells the person at once, in the inbox and by mail, whatever they chose to be mailed', async () => {
    const them = await palier.as(person.email)
    const wish = await them.post('/me/notifications', { 'support:viewed': 'never' })
    expect(wish.json.code).to.equal('notifications:unknown-kind')
    await begin()
    const [told] = (await them.get('/notifications')).json.items
    expect(told).to.include({ kind: 'support:viewed', href: '/me/support' })
    expect(told.title).to.include('sees Palier as you do')
    expect(told.body).to.include(reason)
    const mail = (): string | undefined =>
      mailbox.received.find((one) => one.includes(`To: ${person.email}`) && one.includes('sees'))
    await eventually(async () => mail() !== undefined, { within: 10_000, what: 'the mail' })
    expect(mail()).to.include('Cannot find the course').and.not.to.include('List-Unsubscribe')
  })

  it('is listed for the person, with who, why, from when to when and how it ended', async () => {
    await begin()
    expect((await own())[0]).to.deep.include({ reason, endedAt: null, ending: null })
    await support.post('/support/stop')
    const [line] = await own()
    expect(line).to.deep.include({ reason, ending: 'stopped' })
    expect(line.by).to.be.a('string').and.not.to.equal('')
    expect(Date.parse(line.endedAt)).to.be.at.least(Date.parse(line.from))
  })

  it('is in the audit log, in the name of whoever looked: begun, what was refused, ended', async () => {
    await begin()
    await support.post('/me/preferences', { language: 'fr', theme: 'dark', timeZone: 'UTC' })
    await support.post('/support/stop')
    const found = await lines()
    expect(found.map(({ action }) => action)).to.deep.equal([
      'support:started',
      'support:refused',
      'support:ended',
    ])
    for (const { actor } of found) expect(actor.person).to.equal(administrator)
    expect(found[0]?.details.reason).to.equal(reason)
    expect(found[1]?.details.asked).to.equal('POST /me/preferences')
    expect(found[2]?.details).to.deep.equal({ reason, ending: 'stopped' })
  })

  it('begins once, however often the form is sent', async () => {
    const id = randomUUID()
    await begin({ id })
    expect((await support.look(person.id, { id })).json.code).to.equal('support:looking-only')
    expect(await own()).to.have.length(1)
  })

  it('ends by itself when its time is over, and a change sent too late is not one’s own', async () => {
    await begin({ minutes: 15 })
    const later = Number(now()) + 15 * 60_000
    setClock(() => new Date(later))
    const late = await support.post('/me/preferences', {
      ...{ language: 'fr', theme: 'dark', timeZone: 'UTC' },
    })
    expect(late.status).to.equal(409)
    expect(late.json.code).to.equal('support:over')
    expect(await support.who()).to.equal(administrator)
    expect((await own())[0]).to.include({ ending: 'time' })
    expect((await lines()).at(-1)?.action).to.equal('support:ended')
  })

  it('is ended by a job where nobody asks anything more, at the minute it was over', async () => {
    const { until } = (await begin({ minutes: 15 })).json
    setClock(() => new Date(Date.now() + 40 * 60_000))
    await endDueViews.run(undefined)
    expect((await own())[0]).to.include({ ending: 'time', endedAt: until })
    expect(await support.page('/')).to.include('The support view has ended.')
  })

  it('ends when whoever looks signs out, and the next session is nobody else’s', async () => {
    await begin()
    expect((await support.post('/sign-out')).status).to.be.oneOf([204, 200])
    expect((await own())[0]).to.include({ ending: 'signed-out' })
    expect((await support.get('/me')).status).to.equal(401)
    support = await supporterOf(palier)
    expect(await support.who()).to.equal(administrator)
  })

  it('ends when the person signs out everywhere', async () => {
    await begin()
    const cookie = await signIn(palier.url, person.email, person.password)
    await postForm(palier.url, '/me/sessions/end-all', {}, cookie)
    expect((await own())[0]).to.include({ ending: 'signed-out' })
    expect(await support.who()).to.equal(administrator)
  })

  it('ends when whoever looks is signed out everywhere from elsewhere', async () => {
    const helper = await anAdministrator()
    support = await supporterOf(palier, helper.email, helper.password)
    await begin()
    const elsewhere = await signIn(palier.url, helper.email, helper.password)
    await postForm(palier.url, '/me/sessions/end-others', {}, elsewhere)
    expect((await own())[0]).to.include({ ending: 'signed-out' })
    expect((await support.get('/me')).status).to.equal(401)
  })

  it('ends when either account is deactivated', async () => {
    await begin()
    const admin = await palier.as('admin@demo.palier')
    expect((await admin.patch(`/people/${person.id}`, { status: 'deactivated' })).status).to.equal(
      200,
    )
    expect(await support.who()).to.equal(administrator)

    const helper = await anAdministrator()
    person = await somebodyIn(palier)
    support = await supporterOf(palier, helper.email, helper.password)
    await begin()
    await admin.patch(`/people/${helper.id}`, { status: 'deactivated' })
    expect((await own())[0]).to.include({ ending: 'signed-out' })
    expect((await support.get('/me')).status).to.equal(401)
  })

  it('ends when the person is granted a role, or whoever looks loses theirs', async () => {
    await begin()
    await grant(person.id, 'trainer')
    expect((await own())[0]).to.include({ ending: 'rights' })
    expect(await support.who()).to.equal(administrator)

    const helper = await anAdministrator()
    person = await somebodyIn(palier)
    support = await supporterOf(palier, helper.email, helper.password)
    await begin()
    await endRolesOf(helper.id)
    expect((await own())[0]).to.include({ ending: 'rights' })
    expect(await support.who()).to.equal(helper.id)
  })

  async function anAdministrator(): Promise<Somebody> {
    const helper = await somebodyIn(palier)
    await grant(helper.id, 'administrator')
    return helper
  }

  async function grant(of: Id, role: string): Promise<void> {
    const admin = await palier.as('admin@demo.palier')
    const form = { person: of, role, unit: 'ispm' }
    const { status, text } = await admin.post('/admin/roles', form)
    expect(status, text).to.equal(201)
  }

  async function endRolesOf(of: Id): Promise<void> {
    const admin = await palier.as('admin@demo.palier')
    const [held] = await rolesOf(of, now())
    expect((await admin.post(`/admin/roles/${held?._id}/end`)).status).to.be.below(300)
  }
})
