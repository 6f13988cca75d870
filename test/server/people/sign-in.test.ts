import { expect } from 'chai'
import { startTestApp, stopTestApp, withDemo, type TestApp } from '../../support/app.js'
import { cookieOf, getPage, postForm, signIn } from '../../support/session.js'

describe('signing in', function () {
  this.timeout(300_000)
  let palier: TestApp
  const learner = 'learner@demo.palier'
  const password = 'palier-demo'

  before(async () => {
    palier = await withDemo()
  })

  it('opens a session whose cookie no script reads and no other site sends', async () => {
    const answer = await postForm(palier.url, '/sign-in', { email: learner, password })
    expect(answer.status).to.equal(303)
    const [line = ''] = answer.headers.getSetCookie()
    expect(line).to.match(/^sid=/).and.include('HttpOnly').and.include('SameSite=Lax')
    expect((await getPage(palier.url, '/me', cookieOf(answer))).status).to.equal(200)
  })

  it('finds an address however it is written', async () => {
    const answer = await postForm(palier.url, '/sign-in', {
      email: ' LEARNER@Demo.Palier ',
      password,
    })
    expect(answer.status).to.equal(303)
  })

  it('answers an unknown address like a wrong password', async () => {
    const [unknown, wrong] = await Promise.all([
      palier.anonymous.post('/sign-in', { email: 'nobody@demo.palier', password }),
      palier.anonymous.post('/sign-in', { email: learner, password: 'wrong' }),
    ])
    for (const answer of [unknown, wrong]) {
      expect(answer.status).to.equal(401)
      expect(answer.json).to.include({ code: 'people:wrong-credentials' })
    }
    expect(unknown.json.detail).to.equal(wrong.json.detail)
  })

  it('gives a new session each time: one that was planted before is worth nothing', async () => {
    const planted = await signIn(palier.url, 'trainer@demo.palier')
    const answer = await postForm(palier.url, '/sign-in', { email: learner, password }, planted)
    expect(cookieOf(answer)).to.not.equal(planted)
    const seen = await getPage(palier.url, '/me', planted)
    expect(seen.status, 'the planted one is over').to.equal(303)
  })

  it('goes on only to pages of its own', async () => {
    for (const next of [
      '//evil.example',
      'https://evil.example/',
      '/\\evil.example',
      'javascript:1',
    ]) {
      const answer = await postForm(palier.url, '/sign-in', { email: learner, password, next })
      const to = new URL(answer.headers.get('location') ?? '', palier.url)
      expect(to.origin, next).to.equal(palier.url)
    }
    const answer = await postForm(palier.url, '/sign-in', {
      email: learner,
      password,
      next: '/notifications?limit=5',
    })
    expect(answer.headers.get('location')).to.equal('/notifications?limit=5')
  })

  it('is limited per account and address, and a restart forgives nobody', async () => {
    const email = 'coach-of-nobody@demo.palier'
    const tried: number[] = []
    for (let tries = 0; tries < 11; tries += 1)
      tried.push((await palier.anonymous.post('/sign-in', { email, password: 'x' })).status)
    expect(tried.slice(0, 10).every((status) => status === 401)).to.equal(true)
    expect(tried.at(-1)).to.equal(429)

    const { dataDir } = palier
    await stopTestApp({ keepData: true })
    palier = await startTestApp({ dataDir })
    const again = await palier.anonymous.post('/sign-in', { email, password: 'x' })
    expect(again.status).to.equal(429)
    expect(again.json).to.include({ code: 'people:too-many-tries' })
    expect(Number(again.headers.get('retry-after'))).to.be.within(1, 900)
    const page = await postForm(palier.url, '/sign-in', { email, password: 'x' })
    expect(page.status, 'a form shown again').to.equal(429)
    expect(Number(page.headers.get('retry-after'))).to.be.within(1, 900)
    const other = await palier.anonymous.post('/sign-in', { email: learner, password })
    expect(other.status, 'others are not held up').to.equal(200)
  })

  it('sends to sign in whoever asks for a page, and back to it afterwards', async () => {
    const asked = await getPage(palier.url, '/me/sessions?x=1')
    expect(asked.status).to.equal(303)
    expect(asked.headers.get('location')).to.equal('/sign-in?next=%2Fme%2Fsessions%3Fx%3D1')
  })
})
