import { expect } from 'chai'
import { InstitutionSettingsModel } from '../../../server/domain/organisation/settings/models.js'
import { databaseClock } from '../../../server/platform/database.js'
import { now, resetClock, setClock } from '../../../server/platform/clock.js'
import { withDemo, type TestApp } from '../../support/app.js'
import { openMailbox, type Mailbox } from '../../support/mailbox.js'
import { raw } from '../../support/raw.js'
import { getPage, postForm, signIn } from '../../support/session.js'

describe('the tests beside the settings', function () {
  this.timeout(120_000)
  let palier: TestApp
  let mailbox: Mailbox
  let cookie: string

  before(async () => {
    mailbox = await openMailbox()
    palier = await withDemo({ smtpUrl: mailbox.smtpUrl })
    cookie = await signIn(palier.url, 'admin@demo.palier')
  })
  after(async () => {
    await InstitutionSettingsModel.deleteMany({})
    await mailbox.close()
  })

  const page = async (): Promise<string> =>
    (await getPage(palier.url, '/admin/settings', cookie)).text()

  it('send a mail to oneself, and say what the server answered', async () => {
    const { status, headers } = await postForm(palier.url, '/admin/settings/test-mail', {}, cookie)
    expect([status, headers.get('location')]).to.deep.equal([303, '/admin/settings#mail'])
    const sent = mailbox.received.find((mail) => mail.includes('A test mail from Palier'))
    expect(sent).to.include('To: admin@demo.palier')
    expect(await page())
      .to.include('The server took the mail')
      .and.include('<code>250 ')
  })

  it('say in plain words that the server refused', async () => {
    mailbox.refuse(1)
    await postForm(palier.url, '/admin/settings/test-mail', {}, cookie)
    expect(await page())
      .to.include('The server refused the mail')
      .and.include('<code>451 busy')
  })

  it('are for administrators', async () => {
    const learner = await palier.as('learner@demo.palier')
    expect((await learner.post('/admin/settings/test-mail')).status).to.equal(403)
  })

  it('lead the browser to a page of the content host, which nobody else frames', async () => {
    const admin = await palier.as('admin@demo.palier')
    const probe = new URL((await admin.get('/admin/settings')).json.probe)
    expect(probe.host).to.match(/^[a-z2-7]{32}\.content\.localhost:/)
    const headers = { host: probe.host, accept: 'text/html' }
    const answer = await raw(palier.url, { path: probe.pathname, headers })
    expect(answer.status).to.equal(200)
    expect(answer.headers['content-security-policy']).to.include(
      `frame-ancestors 'self' ${palier.url}`,
    )
    const elsewhere = { ...headers, host: `${'a'.repeat(32)}.content.localhost:${probe.port}` }
    expect((await raw(palier.url, { path: probe.pathname, headers: elsewhere })).status).to.equal(
      404,
    )
    const forged = { path: '/c/forged.token/probe', headers }
    expect((await raw(palier.url, forged)).status).to.equal(404)
    expect((await palier.anonymous.get(probe.pathname)).status).to.equal(404)
  })

  it('tell by how much the database’s clock differs', async () => {
    expect(Math.abs((await databaseClock()).ahead)).to.be.below(1000)
    expect(await page()).to.include('agrees with the server')
    const here = Number(now())
    setClock(() => new Date(here - 90_000))
    try {
      expect((await databaseClock()).ahead).to.be.within(89_000, 91_000)
    } finally {
      resetClock()
    }
  })
})
