import { expect } from 'chai'
import { withDemo, type TestApp } from '../../support/app.js'
import { signIn } from '../../support/session.js'
import { raw } from '../../support/raw.js'

/** What a request shows of where it comes from, and whether it may change something with the cookie, and without. */
const table: readonly [shown: Record<string, string>, withCookie: boolean, without: boolean][] = [
  [{ 'sec-fetch-site': 'same-origin' }, true, true],
  [{ 'sec-fetch-site': 'same-site' }, false, false],
  [{ 'sec-fetch-site': 'cross-site' }, false, false],
  [{ 'sec-fetch-site': 'none' }, false, false],
  [{ origin: 'OWN' }, true, true],
  [{ origin: 'http://evil.example' }, false, false],
  [{ origin: 'null' }, false, false],
  [{ 'sec-fetch-site': 'cross-site', origin: 'OWN' }, false, false],
  [{ 'sec-fetch-site': 'same-origin', origin: 'http://evil.example' }, true, true],
  [{}, false, true],
]

describe('a request that changes something', function () {
  this.timeout(300_000)
  let palier: TestApp
  let cookie: string
  let token: string

  before(async () => {
    palier = await withDemo()
    cookie = await signIn(palier.url, 'learner@demo.palier')
    const learner = await palier.as('learner@demo.palier')
    token = (await learner.post('/me/tokens', { label: 'table' })).json.token
  })

  const change = async (headers: Record<string, string>) => {
    const shown = { ...headers, ...(headers.origin === 'OWN' && { origin: palier.url }) }
    const form = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }
    const body = 'language=en&theme=system&timeZone=UTC'
    return raw(palier.url, {
      method: 'POST',
      path: '/me/preferences',
      headers: { ...form, ...shown },
      body,
    })
  }

  for (const [shown, withCookie] of table) {
    const says = JSON.stringify(shown)
    it(`that says ${says} and rides on the session is ${withCookie ? 'let in' : 'refused'}`, async () => {
      const { status, text } = await change({ ...shown, cookie })
      expect(status).to.equal(withCookie ? 204 : 403)
      if (!withCookie) expect(JSON.parse(text)).to.include({ code: 'core:cross-site' })
    })
  }

  for (const [shown, , without] of table) {
    it(`that says ${JSON.stringify(shown)} signs in only where that is our own page: ${without}`, async () => {
      const headers = {
        ...shown,
        ...(shown.origin === 'OWN' && { origin: palier.url }),
        'content-type': 'application/json',
      }
      const body = JSON.stringify({ email: 'learner@demo.palier', password: 'palier-demo' })
      const { status } = await raw(palier.url, { method: 'POST', path: '/sign-in', headers, body })
      expect(status).to.equal(without ? 200 : 403)
    })
  }

  it('by a token is judged by the token, wherever it comes from', async () => {
    const headers = { authorization: `Bearer ${token}`, 'sec-fetch-site': 'cross-site' }
    expect((await change(headers)).status).to.equal(204)
  })

  it('with an Authorization header never reads the cookie', async () => {
    const headers = { authorization: 'Bearer wrong', cookie, 'sec-fetch-site': 'same-origin' }
    const { status, text } = await change(headers)
    expect(status).to.equal(401)
    expect(JSON.parse(text)).to.include({ code: 'people:bad-token' })
    const basic = await change({ ...headers, authorization: 'Basic bGVhcm5lcjp4' })
    expect(basic.status).to.equal(401)
  })

  it('cannot hide in a GET: an overridden method is judged like the one it names', async () => {
    const { status } = await raw(palier.url, {
      path: '/me/preferences?_method=post',
      headers: { cookie, accept: 'application/json' },
    })
    expect(status, 'a GET stays one').to.equal(200)
  })
})
