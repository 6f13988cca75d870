import { expect } from 'chai'
import { Secret, TOTP } from 'otpauth'
import { makeLink } from '../../../server/domain/people/links.js'
import { FactorsModel } from '../../../server/domain/people/factors/models.js'
import { now, resetClock, setClock } from '../../../server/platform/clock.js'
import { stopTestApp, withDemo, type TestApp } from '../../support/app.js'
import { openMailbox, type Mailbox } from '../../support/mailbox.js'
import { cookieOf, getPage, postForm, signIn } from '../../support/session.js'
import { eventually } from '../learning/support/taking.js'
import { somebodyIn, type Somebody } from '../../support/somebody.js'

const half = 30_000

describe('a second factor', function () {
  this.timeout(300_000)
  let palier: TestApp
  let mailbox: Mailbox
  let time = 0

  before(async () => {
    mailbox = await openMailbox()
    palier = await withDemo({ smtpUrl: mailbox.smtpUrl })
  })
  beforeEach(() => {
    time = Number(now())
    setClock(() => new Date(time))
  })
  afterEach(resetClock)
  after(async () => {
    await stopTestApp()
    await mailbox.close()
  })

  const codeOf = (secret: string): string =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: time })

  /** Sets an app up in the session, and answers its secret and the recovery codes. */
  async function setUp(cookie: string): Promise<{ secret: string; codes: string[] }> {
    await postForm(palier.url, '/me/security/app', {}, cookie)
    const { secret } = (await palier.anonymous.get('/me/security/app', { cookie })).json
    const taken = await json('/me/security/app/confirm', { code: codeOf(secret) }, cookie)
    expect(taken.status, taken.text).to.equal(201)
    return { secret, codes: taken.json.recoveryCodes }
  }

  const json = (path: string, body: object, cookie: string) =>
    palier.anonymous.post(path, body, { cookie, origin: palier.url })

  const password = async ({ email, password: secret }: Somebody): Promise<Response> =>
    postForm(palier.url, '/sign-in', { email, password: secret, next: '/me/sessions' })

  it('is asked for after the password, by a session of its own that opens nothing else', async () => {
    const person = await somebodyIn(palier)
    const { secret } = await setUp(await signIn(palier.url, person.email, person.password))
    time += half

    const first = await password(person)
    expect(first.headers.get('location')).to.equal('/sign-in/second-step')
    const waiting = cookieOf(first)
    expect((await getPage(palier.url, '/me', waiting)).status).to.equal(303)
    expect((await getPage(palier.url, '/sign-in/second-step', waiting)).status).to.equal(200)

    const second = await postForm(
      palier.url,
      '/sign-in/second-step',
      { code: codeOf(secret) },
      waiting,
    )
    expect(second.headers.get('location')).to.equal('/me/sessions')
    expect(cookieOf(second), 'another session').to.not.equal(waiting)
    expect((await getPage(palier.url, '/me', cookieOf(second))).status).to.equal(200)
    expect((await getPage(palier.url, '/me', waiting)).status, 'the waiting one is over').to.equal(
      303,
    )
  })

  it('takes no code twice, none of before, and none too old', async () => {
    const person = await somebodyIn(palier)
    const { secret } = await setUp(await signIn(palier.url, person.email, person.password))
    const used = codeOf(secret)
    time += half
    const code = codeOf(secret)
    const tries = await Promise.all(
      [1, 2].map(async () => {
        const waiting = cookieOf(await password(person))
        return (await postForm(palier.url, '/sign-in/second-step', { code }, waiting)).status
      }),
    )
    expect(tries.sort()).to.deep.equal([303, 401])
    const waiting = cookieOf(await password(person))
    for (const old of [code, used])
      expect((await json('/sign-in/second-step', { code: old }, waiting)).json.code).to.equal(
        'people:wrong-code',
      )
    const stale = codeOf(secret)
    time += 3 * half
    expect((await json('/sign-in/second-step', { code: stale }, waiting)).status).to.equal(401)
  })

  it('can be a recovery code, each once, and the owner is told by mail', async () => {
    const person = await somebodyIn(palier)
    const { codes } = await setUp(await signIn(palier.url, person.email, person.password))
    expect(new Set(codes).size).to.equal(10)
    const [code = ''] = codes
    const kept = JSON.stringify(await FactorsModel.findById(person.id).lean())
    expect(kept).to.not.include(code).and.not.include(code.replaceAll('-', ''))
    for (const status of [303, 401]) {
      const waiting = cookieOf(await password(person))
      const answer = await postForm(
        palier.url,
        '/sign-in/second-step',
        { code: ` ${code.toUpperCase()} ` },
        waiting,
      )
      expect(answer.status).to.equal(status)
    }
    await eventually(async () => mailed(person, 'A recovery code') === 1)
  })

  it('is not guessed: ten tries for an account, whatever session tries', async () => {
    const person = await somebodyIn(palier)
    await setUp(await signIn(palier.url, person.email, person.password))
    const tried: number[] = []
    let waiting = ''
    for (let tries = 0; tries < 11; tries += 1) {
      if (tries % 4 === 0) waiting = cookieOf(await password(person))
      tried.push((await json('/sign-in/second-step', { code: '000000' }, waiting)).status)
    }
    expect(tried.slice(0, 10).every((status) => status === 401)).to.equal(true)
    expect(tried.at(-1)).to.equal(429)
  })

  it('waits ten minutes and no longer', async () => {
    const person = await somebodyIn(palier)
    const { secret } = await setUp(await signIn(palier.url, person.email, person.password))
    const waiting = cookieOf(await password(person))
    time += 11 * 60_000
    const late = await json('/sign-in/second-step', { code: codeOf(secret) }, waiting)
    expect([late.status, late.json.code]).to.deep.equal([401, 'people:sign-in-first'])
    const page = await getPage(palier.url, '/sign-in/second-step', waiting)
    expect(page.headers.get('location')).to.equal('/sign-in')
  })

  it('is not gone round by a mailed link', async () => {
    const person = await somebodyIn(palier)
    await setUp(await signIn(palier.url, person.email, person.password))
    const { pathname } = new URL(await makeLink('reset', person.id))
    const answer = await postForm(palier.url, pathname, { password: 'a brand new secret' })
    expect(answer.headers.get('location')).to.equal('/sign-in/second-step')
    expect((await getPage(palier.url, '/me', cookieOf(answer))).status).to.equal(303)
  })

  it('ends every other session and token when it is added, and is changed only after the password', async () => {
    const person = await somebodyIn(palier)
    const elsewhere = await signIn(palier.url, person.email, person.password)
    const { token } = (await json('/me/tokens', { label: 'script' }, elsewhere)).json
    const here = await signIn(palier.url, person.email, person.password)
    await setUp(here)
    expect((await getPage(palier.url, '/me', elsewhere)).status).to.equal(303)
    const byToken = await palier.anonymous.get('/me', { authorization: `Bearer ${token}` })
    expect(byToken.status).to.equal(401)
    expect((await getPage(palier.url, '/me', here)).status).to.equal(200)

    time += 11 * 60_000
    const refused = await json('/me/security/app/remove', {}, here)
    expect([refused.status, refused.json.code]).to.deep.equal([403, 'people:password-first'])
    expect((await json('/me/security/confirm', { current: 'wrong' }, here)).status).to.equal(422)
    await json('/me/security/confirm', { current: person.password }, here)
    expect((await json('/me/security/app/remove', {}, here)).status).to.equal(204)
    expect((await password(person)).headers.get('location')).to.equal('/me/sessions')
    await eventually(async () => mailed(person, 'A second step') === 2)
  })

  it('lets tokens be made only by a session that has proven it', async () => {
    const person = await somebodyIn(palier)
    const here = await signIn(palier.url, person.email, person.password)
    await setUp(here)
    const { token } = (await json('/me/tokens', { label: 'script' }, here)).json
    expect(token).to.be.a('string')
    const byToken = await palier.anonymous.post(
      '/me/tokens',
      { label: 'another' },
      { authorization: `Bearer ${token}` },
    )
    expect([byToken.status, byToken.json.code]).to.deep.equal([403, 'people:second-factor-first'])
  })

  it('is asked of roles, after days of grace, and is set up on the way in', async () => {
    const admin = await palier.as('admin@demo.palier')
    const person = await somebodyIn(palier)
    const grant = { person: person.id, role: 'coach', unit: 'ispm' }
    await admin.post('/admin/roles', grant)
    const rule = (body: object) => admin.post('/admin/sign-in', body)
    expect((await rule({ roles: ['coach'], graceDays: 3 })).status).to.equal(204)
    try {
      const advised = await password(person)
      expect(advised.headers.get('location')).to.equal('/me/security')
      const page = await getPage(palier.url, '/me/security', cookieOf(advised))
      expect(await page.text()).to.include('asks for a second step')
      expect((await json('/me/tokens', { label: 'x' }, cookieOf(advised))).status).to.equal(403)

      time += 3 * 86_400_000
      const due = await password(person)
      expect(due.headers.get('location')).to.equal('/sign-in/set-up')
      const waiting = cookieOf(due)
      expect((await getPage(palier.url, '/me', waiting)).status).to.equal(303)
      expect((await json('/sign-in/second-step', { code: '000000' }, waiting)).status).to.equal(401)
      const { secret } = (await palier.anonymous.get('/sign-in/set-up', { cookie: waiting })).json
      const done = await postForm(palier.url, '/sign-in/set-up', { code: codeOf(secret) }, waiting)
      expect(done.headers.get('location')).to.equal('/me/security/codes')
      const codes = await getPage(palier.url, '/me/security/codes', cookieOf(done))
      expect(
        (await codes.text()).match(/<code>[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}</g),
      ).to.have.length(10)
      time += half
      expect((await password(person)).headers.get('location')).to.equal('/sign-in/second-step')
    } finally {
      await rule({ roles: [], graceDays: 14 })
    }
  })

  it('is reset by an administrator, which signs out and is told, and by nobody of lesser reach', async () => {
    const person = await somebodyIn(palier)
    const here = await signIn(palier.url, person.email, person.password)
    await setUp(here)
    const path = `/people/${person.id}/reset-factors`
    const coordinator = await palier.as('coordinator@demo.palier')
    expect((await coordinator.post(path)).status).to.be.oneOf([403, 404])
    const admin = await palier.as('admin@demo.palier')
    expect((await admin.post(path)).status).to.equal(204)
    expect((await getPage(palier.url, '/me', here)).status).to.equal(303)
    expect((await password(person)).headers.get('location')).to.equal('/me/sessions')
    await eventually(async () => mailed(person, 'was reset') === 1)
    const { items } = (await admin.get('/admin/audit')).json
    expect(items[0]).to.include({ action: 'people:factors-reset', object: person.id })
  })

  const mailed = ({ email }: Somebody, subject: string): number =>
    mailbox.received.filter(
      (message) => message.includes(`To: ${email}`) && message.includes(subject),
    ).length
})
