import { expect } from 'chai'
import { countTry } from '../../../server/domain/people/limits.js'
import { passwordsCompared } from '../../../server/domain/people/passwords/passwords.js'
import { now, resetClock, setClock } from '../../../server/platform/clock.js'
import { stopTestApp, withDemo, type Answer, type TestApp } from '../../support/app.js'
import { openMailbox, type Mailbox } from '../../support/mailbox.js'
import { somebodyIn } from '../../support/somebody.js'
import { eventually } from '../learning/support/taking.js'

describe('guessing at the door', function () {
  this.timeout(300_000)
  let palier: TestApp
  let mailbox: Mailbox

  before(async () => {
    mailbox = await openMailbox()
    palier = await withDemo({ smtpUrl: mailbox.smtpUrl, trustProxy: 1 })
  })
  afterEach(resetClock)
  after(async () => {
    await stopTestApp()
    await mailbox.close()
  })

  let addresses = 0
  const anAddress = (): string => `10.1.${Math.floor((addresses += 1) / 250)}.${addresses % 250}`

  const tryAt = (path: string, body: object, address = anAddress()): Promise<Answer> =>
    palier.anonymous.post(path, body, { 'x-forwarded-for': address })

  const signIn = (email: string, password = 'wrong', address?: string): Promise<Answer> =>
    tryAt('/sign-in', { email, password }, address)

  it('tells nobody whether an account exists: the same answer after the same work', async () => {
    const [gone, invited] = [await somebodyIn(palier), await aGuest()]
    const admin = await palier.as('admin@demo.palier')
    await admin.patch(`/people/${gone.id}`, { status: 'deactivated' })
    const seen = []
    for (const [email, password] of [
      ['nobody-at-all@demo.palier', 'palier-demo'],
      ['learner@demo.palier', 'wrong'],
      [gone.email, gone.password],
      [invited, 'wrong'],
    ] as const) {
      const before = passwordsCompared()
      const answer = await signIn(email, password)
      seen.push({ ...told(answer), compared: passwordsCompared() - before })
    }
    expect(seen[0]).to.include({ status: 401, compared: 1 })
    for (const one of seen) expect(one).to.deep.equal(seen[0])
  })

  it('answers a reset alike for an account that is there, gone or unknown', async () => {
    const gone = await somebodyIn(palier)
    const admin = await palier.as('admin@demo.palier')
    await admin.patch(`/people/${gone.id}`, { status: 'deactivated' })
    const seen = []
    for (const email of ['learner@demo.palier', gone.email, 'unknown@demo.palier', '0000']) {
      const before = passwordsCompared()
      const answer = await tryAt('/reset', { email })
      seen.push({ ...told(answer), compared: passwordsCompared() - before })
    }
    expect(seen[0]).to.include({ status: 204 })
    for (const one of seen) expect(one).to.deep.equal(seen[0])
  })

  it('answers a link that was never made like one that was used', async () => {
    for (const path of ['/reset', '/invitations']) {
      const answer = await palier.anonymous.get(`${path}/${'a'.repeat(43)}`)
      expect([answer.status, answer.json.code]).to.deep.equal([404, 'people:link-used'])
    }
  })

  it('closes an account that is tried from everywhere, tells its owner, and opens it by time', async () => {
    const person = await somebodyIn(palier)
    const tried: number[] = []
    for (let tries = 0; tries < 51; tries += 1) tried.push((await signIn(person.email)).status)
    expect(new Set(tried.slice(0, 50))).to.deep.equal(new Set([401]))
    expect(tried.at(-1)).to.equal(429)
    expect((await signIn(person.email, person.password)).status, 'the right one too').to.equal(429)
    await eventually(
      async () =>
        mailbox.received.filter((mail) => mail.includes(person.email) && mail.includes('tries to'))
          .length === 1,
      { within: 15_000 },
    )
    const later = Number(now()) + 3_601_000
    setClock(() => new Date(later))
    expect((await signIn(person.email, person.password)).status).to.equal(200)
  })

  it('says as little, and mails nobody, where the account that is tried is nobody\u2019s', async () => {
    const mails = mailbox.received.length
    for (let tries = 0; tries < 50; tries += 1) await countTry(['sign-in-account', 'no@where.test'])
    const answer = await signIn('no@where.test')
    expect([answer.status, answer.json.code]).to.deep.equal([429, 'people:too-many-tries'])
    expect(mailbox.received).to.have.length(mails)
  })

  it('closes the door to an address that tries one account after another', async () => {
    const address = anAddress()
    for (let tries = 0; tries < 195; tries += 1) await countTry(['sign-in-address', address])
    const tried: number[] = []
    for (let tries = 0; tries < 6; tries += 1)
      tried.push((await signIn(`somebody-${tries}@demo.palier`, 'wrong', address)).status)
    expect(tried).to.deep.equal([401, 401, 401, 401, 401, 429])
    expect((await signIn('learner@demo.palier', 'palier-demo')).status).to.equal(200)
  })

  it('closes the door of an institution that is tried account by account from everywhere', async () => {
    const email = (number: number): string => `somebody-${number}@stuffed.test`
    for (let tries = 0; tries < 1997; tries += 1)
      await countTry(['sign-in-institution', 'stuffed.test'])
    const tried: number[] = []
    for (let tries = 0; tries < 4; tries += 1) tried.push((await signIn(email(tries))).status)
    expect(tried).to.deep.equal([401, 401, 401, 429])
    expect((await signIn('learner@demo.palier', 'palier-demo')).status, 'others').to.equal(200)
    const later = Number(now()) + 901_000
    setClock(() => new Date(later))
    expect((await signIn(email(9))).status).to.equal(401)
  })

  async function aGuest(): Promise<string> {
    const admin = await palier.as('admin@demo.palier')
    const email = `guest-${Number(now())}@demo.palier`
    const form = { givenName: 'A', familyName: 'Guest', email, language: 'en', unit: 'ispm' }
    await admin.post('/people', form)
    return email
  }
})

/** All of an answer that could tell one account from another. */
function told({ status, headers, text }: Answer) {
  const own = ['date', 'x-request-id', 'content-security-policy', 'etag']
  const kept = [...headers].filter(([name]) => !own.includes(name))
  const body = text.replace(/"(instance|requestId)":"[^"]*"/g, '')
  return { status, headers: Object.fromEntries(kept), body }
}
