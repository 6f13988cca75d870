import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { makeLink } from '../../../server/domain/people/links.js'
import { personByEmail } from '../../../server/domain/people/people.js'
import { setClock, resetClock, now } from '../../../server/platform/clock.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import { getPage, postForm, signIn } from '../../support/session.js'

describe('an account', function () {
  this.timeout(300_000)
  let palier: TestApp
  let admin: Program

  before(async () => {
    palier = await withDemo()
    admin = await palier.as('admin@demo.palier')
  })
  afterEach(resetClock)

  /** An active person of the institution, of its own. */
  async function somebody(password = 'a long enough secret'): Promise<Somebody> {
    const email = `${randomUUID()}@demo.palier`
    const form = { givenName: 'Some', familyName: 'Body', email, language: 'en', unit: 'ispm' }
    const { json } = await admin.post('/people', form)
    const invitation = new URL(await makeLink('invitation', json.id))
    await postForm(palier.url, invitation.pathname, { password })
    return { id: json.id as string, email, password, invitation: invitation.pathname }
  }

  it('is made by an invitation that works once', async () => {
    const { email, password, invitation } = await somebody()
    expect(await signIn(palier.url, email, password)).to.match(/^sid=/)
    const again = await postForm(palier.url, invitation, { password: 'another long secret' })
    expect(again.status).to.equal(404)
    expect((await getPage(palier.url, invitation)).status).to.equal(404)
    expect(await signIn(palier.url, email, password)).to.match(/^sid=/)
  })

  it('cannot be opened by an invitation whose password is too short, which still works afterwards', async () => {
    const { json } = await admin.post('/people', {
      ...{ givenName: 'Late', familyName: 'Comer', language: 'en', unit: 'ispm' },
      email: `${randomUUID()}@demo.palier`,
    })
    const { pathname } = new URL(await makeLink('invitation', json.id))
    expect((await postForm(palier.url, pathname, { password: 'short' })).status).to.equal(422)
    expect((await postForm(palier.url, pathname, { password: 'long enough now' })).status).to.equal(
      303,
    )
  })

  it('has reset links that work once, and ends every session and token', async () => {
    const { id, email, password } = await somebody()
    const session = await signIn(palier.url, email, password)
    const { token } = (
      await palier.as(email).then((program) => program.post('/me/tokens', { label: 'script' }))
    ).json
    const { pathname } = new URL(await makeLink('reset', id))
    const used = await postForm(palier.url, pathname, { password: 'a brand new secret' })
    expect(used.status).to.equal(303)
    const again = await postForm(palier.url, pathname, { password: 'yet another secret' })
    expect(again.status).to.equal(404)

    expect((await getPage(palier.url, '/me', session)).status).to.equal(303)
    const byToken = await palier.anonymous.get('/me', { authorization: `Bearer ${token}` })
    expect(byToken.status).to.equal(401)
    expect(await signIn(palier.url, email, 'a brand new secret')).to.match(/^sid=/)
  })

  it('says the same whether an address to reset is known or not', async () => {
    const { email } = await somebody()
    const [known, unknown] = await Promise.all([
      postForm(palier.url, '/reset', { email }),
      postForm(palier.url, '/reset', { email: 'nobody-at-all@demo.palier' }),
    ])
    expect([known.status, known.headers.get('location')]).to.deep.equal([
      unknown.status,
      unknown.headers.get('location'),
    ])
    expect(known.status).to.equal(303)
  })

  it('keeps no link that has expired, nor the one before the latest', async () => {
    const { id } = await somebody()
    const first = new URL(await makeLink('reset', id)).pathname
    const second = new URL(await makeLink('reset', id)).pathname
    expect((await getPage(palier.url, first)).status).to.equal(404)
    expect((await getPage(palier.url, second)).status).to.equal(200)
    const later = new Date(Number(now()) + 3_700_000)
    setClock(() => later)
    expect((await getPage(palier.url, second)).status).to.equal(404)
  })

  it('lists its sessions, ends one, and all of them', async () => {
    const { email, password } = await somebody()
    const [here, elsewhere] = await Promise.all([
      signIn(palier.url, email, password),
      signIn(palier.url, email, password),
    ])
    const { sessions } = await json(palier, '/me/sessions', here)
    expect(sessions, 'with the one the invitation opened').to.have.length(3)
    for (const { id, current } of sessions) {
      if (!current) await postForm(palier.url, `/me/sessions/${id}/end`, {}, here)
    }
    expect((await getPage(palier.url, '/me', elsewhere)).status).to.equal(303)
    expect((await getPage(palier.url, '/me', here)).status).to.equal(200)

    const third = await signIn(palier.url, email, password)
    await postForm(palier.url, '/me/sessions/end-all', {}, third)
    expect((await getPage(palier.url, '/me', here)).status).to.equal(303)
    expect((await getPage(palier.url, '/me', third)).status).to.equal(303)
  })

  it('ends all others at once, and goes on in its own', async () => {
    const { email, password } = await somebody()
    const [here, elsewhere] = await Promise.all([
      signIn(palier.url, email, password),
      signIn(palier.url, email, password),
    ])
    await postForm(palier.url, '/me/sessions/end-others', {}, here)
    expect((await json(palier, '/me/sessions', here)).sessions).to.have.length(1)
    expect((await getPage(palier.url, '/me', elsewhere)).status).to.equal(303)
  })

  it('cannot end the session of somebody else', async () => {
    const [one, other] = await Promise.all([somebody(), somebody()])
    const own = await signIn(palier.url, one.email, one.password)
    const foreign = await signIn(palier.url, other.email, other.password)
    const { sessions } = await json(palier, '/me/sessions', foreign)
    const answer = await postForm(palier.url, `/me/sessions/${sessions[0].id}/end`, {}, own)
    expect(answer.status).to.equal(404)
    expect((await getPage(palier.url, '/me', foreign)).status).to.equal(200)
  })

  it('changes its password only with the one it has, and other sessions end', async () => {
    const { email, password } = await somebody()
    const [here, elsewhere] = [
      await signIn(palier.url, email, password),
      await signIn(palier.url, email, password),
    ]
    const wrong = { current: 'not the password', password: 'something else long' }
    expect((await postForm(palier.url, '/me/password', wrong, here)).status).to.equal(422)
    const right = { current: password, password: 'something else long' }
    expect((await postForm(palier.url, '/me/password', right, here)).status).to.equal(303)
    expect((await getPage(palier.url, '/me', here)).status).to.equal(200)
    expect((await getPage(palier.url, '/me', elsewhere)).status).to.equal(303)
  })

  it('has tokens that act as it until they expire or are revoked', async () => {
    const { email } = await somebody()
    const person = await palier.as(email)
    const { token } = (await person.post('/me/tokens', { label: 'script', days: 2 })).json
    const headers = { authorization: `Bearer ${token}` }
    expect((await palier.anonymous.get('/me', headers)).json.person.email).to.equal(email)

    const later = new Date(Number(now()) + 3 * 86_400_000)
    setClock(() => later)
    expect((await palier.anonymous.get('/me', headers)).status).to.equal(401)
    resetClock()

    const { tokens } = (await person.get('/me/tokens')).json
    const { id } = tokens.find(({ label }: { label: string }) => label === 'script')
    await person.post(`/me/tokens/${id}/revoke`)
    const answer = await palier.anonymous.get('/me', headers)
    expect(answer.status).to.equal(401)
    expect(answer.headers.get('www-authenticate')).to.equal('Bearer')
    expect(answer.json).to.include({ code: 'people:bad-token' })
  })

  it('that is deactivated is out at once, sessions and tokens', async () => {
    const { id, email, password } = await somebody()
    const session = await signIn(palier.url, email, password)
    const program = await palier.as(email)
    expect((await admin.patch(`/people/${id}`, { status: 'deactivated' })).status).to.equal(200)
    expect((await getPage(palier.url, '/me', session)).status).to.equal(303)
    expect((await program.get('/me')).status).to.equal(401)
    const refused = await palier.anonymous.post('/sign-in', { email, password })
    expect(refused.status).to.equal(401)
    expect(refused.json).to.include({ code: 'people:wrong-credentials' })
  })

  it('is created once, however often the form is sent', async () => {
    const id = randomUUID()
    const form = {
      ...{ id, givenName: 'Only', familyName: 'Once', language: 'en', unit: 'ispm' },
      email: `${id}@demo.palier`,
    }
    const [first, second] = [await admin.post('/people', form), await admin.post('/people', form)]
    expect([first.status, second.status]).to.deep.equal([201, 200])
    expect(second.json.id).to.equal(id)
    const taken = await admin.post('/people', { ...form, id: randomUUID() })
    expect(taken.status).to.equal(409)
    expect(taken.json.errors).to.deep.include.members([
      { ...taken.json.errors[0], path: 'email', code: 'people:email-taken' },
    ])
  })

  it('takes no field that the form does not have', async () => {
    const { id, email } = await somebody()
    const person = await palier.as(email)
    for (const extra of [
      { passwordHash: 'x' },
      { grants: [] },
      { status: 'active', role: 'administrator' },
    ]) {
      const answer = await admin.patch(`/people/${id}`, extra)
      expect(answer.status).to.equal(422)
    }
    expect((await person.patch(`/people/${id}`, { status: 'active' })).status).to.equal(403)
    expect((await personByEmail(email))?.status).to.equal('active')
  })
})

interface Somebody {
  readonly id: string
  readonly email: string
  readonly password: string
  readonly invitation: string
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read answers as they come
async function json({ anonymous }: TestApp, path: string, cookie: string): Promise<any> {
  return (await anonymous.get(path, { cookie })).json
}
