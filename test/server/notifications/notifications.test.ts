import { expect } from 'chai'
import { io } from 'socket.io-client'
import { personActor } from '../../../server/domain/people/actors.js'
import { createPerson, findPerson } from '../../../server/domain/people/people.js'
import { systemActor } from '../../../server/domain/people/access.js'
import type { NotificationKind } from '../../../server/domain/notifications/contract.js'
import { sendDigests } from '../../../server/domain/notifications/mailing.js'
import { NotificationModel } from '../../../server/domain/notifications/models.js'
import { notify } from '../../../server/domain/notifications/notify.js'
import { stopPath } from '../../../server/domain/notifications/preferences.js'
import { enable, enabledPlugins } from '../../../server/kernel/plugins.js'
import type { Plugin } from '../../../server/kernel/contract.js'
import { JobRunModel, runDueJobs } from '../../../server/platform/jobs.js'
import { sweepAll } from '../../../server/platform/owed.js'
import { emptyDatabase, startTestApp, type TestApp } from '../../support/app.js'

const kind = (name: string, mail: NotificationKind<never>['mail']) =>
  ({
    id: `trial:${name}`,
    mail,
    present: ({ what }, _t, language) => ({
      title: `${what} ${language}`,
      href: '/units?a=1&b=2',
      icon: 'bell',
    }),
  }) satisfies NotificationKind<{ what: string }>

const urgent = kind('urgent', 'at-once')
const daily = kind('daily', 'digest')
const silent = kind('silent', 'never')

describe('notifications', () => {
  let palier: TestApp
  let before_: readonly Plugin[]

  before(async () => {
    palier = await startTestApp()
    before_ = enabledPlugins()
    const notifications = [urgent, daily, silent] as readonly NotificationKind<never>[]
    enable([...before_, { id: 'trial', contributes: { notifications } }])
  })
  after(() => enable(before_))

  beforeEach(async () => {
    await emptyDatabase()
    for (const [id, language] of [
      ['ana', 'fr'],
      ['luc', 'es'],
    ] as const) {
      await createPerson(systemActor('test'), {
        id,
        givenName: id,
        familyName: 'Test',
        email: `${id}@example.org`,
        language,
        passwordHash: 'none',
      })
    }
  })

  const tell = (to: NotificationKind<{ what: string }>, key = 'one', person = 'ana') =>
    notify(person, to, { data: { what: 'News' }, key })
  const mails = async (): Promise<{ subject: string; text: string; unsubscribe?: string }[]> =>
    (await JobRunModel.find({ job: 'platform:deliver-mail' }).lean()).map(
      ({ payload }) => payload as { subject: string; text: string; unsubscribe?: string },
    )

  it('are in the inbox once, in the reader’s language, however often they are told', async () => {
    await Promise.all([tell(silent), tell(silent)])
    await tell(silent, 'two')
    const { json } = await (await palier.as('ana@example.org')).get('/notifications')
    expect(json.total).to.equal(2)
    expect(json.items[0]).to.include({ title: 'News fr', read: false, kind: 'trial:silent' })
    const other = await (await palier.as('luc@example.org')).get('/notifications')
    expect(other.json.items).to.deep.equal([])
  })

  it('are counted where pages read it, though many come at once', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, at) => tell(silent, String(at))))
    expect((await findPerson('ana')).unread).to.equal(12)
  })

  it('are read by their person alone', async () => {
    await tell(silent)
    const ana = await palier.as('ana@example.org')
    const [{ id }] = (await ana.get('/notifications')).json.items as [{ id: string }]
    const path = `/notifications/${encodeURIComponent(id)}/read`
    expect((await (await palier.as('luc@example.org')).post(path)).status).to.equal(404)
    expect((await findPerson('ana')).unread).to.equal(1)
    expect((await ana.post(path)).json).to.include({ id, read: true })
    expect((await findPerson('ana')).unread).to.equal(0)
    const form = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' }
    const opened = await ana.send('POST', path, '', form)
    expect([opened.status, opened.headers.get('location')]).to.deep.equal([303, '/units?a=1&b=2'])
  })

  it('are all read at a stroke', async () => {
    await Promise.all([tell(silent, 'one'), tell(silent, 'two'), tell(silent, 'x', 'luc')])
    await (await palier.as('ana@example.org')).post('/notifications/read')
    expect((await findPerson('ana')).unread).to.equal(0)
    expect((await findPerson('luc')).unread).to.equal(1)
  })

  it('come as a toast to the pages that are open', async () => {
    const { createToken } = await import('../../../server/domain/people/tokens.js')
    const authorization = `Bearer ${await createToken('ana@example.org')}`
    const socket = io(palier.url, { transports: ['websocket'], extraHeaders: { authorization } })
    await new Promise<void>((done, fail) => {
      socket.once('connect', done)
      socket.once('connect_error', fail)
    })
    const toast = new Promise((done) => socket.once('toast', done))
    await tell(silent)
    expect(await toast).to.include({ title: 'News fr', href: '/units?a=1&b=2' })
    socket.close()
  })

  it('are mailed at once, once, with the address that stops them', async () => {
    await Promise.all([tell(urgent), tell(urgent)])
    const [mail, ...others] = await mails()
    expect(others).to.deep.equal([])
    expect(mail?.subject).to.equal('News fr')
    expect(mail?.text).to.include(`${palier.url}/units?a=1&b=2`)
    expect(mail?.unsubscribe).to.equal(`${palier.url}${stopPath('ana', urgent.id)}`)
  })

  it('are mailed no more once the address was posted to, by nobody signed in', async () => {
    const path = stopPath('ana', urgent.id)
    const page = await palier.anonymous.get(path, { accept: 'text/html' })
    expect(page.status).to.equal(200)
    const stopped = await palier.anonymous.send('POST', path, 'List-Unsubscribe=One-Click', {
      'content-type': 'application/x-www-form-urlencoded',
    })
    expect(stopped.status).to.be.oneOf([204, 303])
    expect((await palier.anonymous.get(path)).json).to.include({ stopped: true })
    await tell(urgent)
    await tell(urgent, 'one', 'luc')
    expect((await mails()).map(({ subject }) => subject)).to.deep.equal(['News es'])
    const forged = await palier.anonymous.post(path.replace(/.$/, 'AA'))
    expect(forged.status).to.equal(404)
  })

  it('wait for the digest, which tells of what is still unread, once', async () => {
    await tell(daily, 'one')
    await tell(daily, 'two')
    await tell(daily, 'three')
    const ana = await palier.as('ana@example.org')
    await ana.post(`/notifications/${encodeURIComponent('ana:trial:daily:two')}/read`)
    expect(await mails()).to.deep.equal([])
    await sendDigests.run(undefined)
    await runDueJobs()
    await sendDigests.run(undefined)
    await runDueJobs()
    const [digest, ...others] = await mails()
    expect(others).to.deep.equal([])
    expect(digest?.text.match(/News fr/g)).to.have.length(2)
  })

  it('are mailed as their reader chose', async () => {
    const ana = await palier.as('ana@example.org')
    expect((await ana.post('/me/notifications', { 'trial:absent': 'never' })).status).to.equal(422)
    expect((await ana.post('/me/notifications', { 'trial:daily': 'at-once' })).status).to.equal(204)
    const { kinds } = (await ana.get('/me/notifications')).json as {
      kinds: { kind: string; mail: string }[]
    }
    expect(kinds.find((line) => line.kind === 'trial:daily')?.mail).to.equal('at-once')
    expect(kinds.find((line) => line.kind === 'trial:urgent')?.mail).to.equal('at-once')
    await tell(daily)
    expect(await mails()).to.have.length(1)
  })

  it('go on where a crash cut them short', async () => {
    await tell(urgent)
    await JobRunModel.deleteMany({})
    await NotificationModel.updateMany({}, { $set: { owed: ['count', 'toast', 'mail'] } })
    await sweepAll()
    expect(await mails()).to.have.length(1)
    expect((await NotificationModel.findOne({}).lean())?.owed).to.equal(undefined)
  })

  it('are not told to a closed account, nor shown while their plugin is off', async () => {
    await notify('nobody', silent, { data: { what: 'News' }, key: 'one' })
    expect(await NotificationModel.countDocuments({})).to.equal(0)
    await NotificationModel.create({
      _id: 'ana:gone:kind:1',
      person: 'ana',
      kind: 'gone:kind',
      at: new Date(0),
      unread: true,
    })
    const { json } = await (await palier.as('ana@example.org')).get('/notifications')
    expect(json).to.include({ total: 0 })
    expect((await personActor('ana')).unread).to.equal(0)
  })

  it('have pages in three languages', async () => {
    await tell(silent)
    const ana = await palier.as('ana@example.org')
    for (const path of ['/notifications', '/me/notifications', '/']) {
      const page = await ana.get(path, { accept: 'text/html' })
      expect(page.status, path).to.equal(200)
      expect(page.text, path)
        .to.include('lang="fr"')
        .and.not.to.match(/notifications:[a-z]/)
    }
  })
})
