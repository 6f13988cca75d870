import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { AnnouncementModel } from '../../../server/domain/organisation/settings/models.js'
import { readLooks } from '../../../server/domain/organisation/settings/looks.js'
import { resetClock, setClock } from '../../../server/platform/clock.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import { cookieOf, getPage, postForm, signIn } from '../../support/session.js'

const html = { accept: 'text/html' }
const closing = { textEn: 'Closed on Friday.', textFr: 'Fermé vendredi.', tone: 'info' }
const dates = { from: '2000-01-01', until: '2999-12-31' }

describe('an announcement', function () {
  this.timeout(120_000)
  let palier: TestApp
  let admin: Program

  before(async () => {
    palier = await withDemo()
    admin = await palier.as('admin@demo.palier')
  })
  afterEach(async () => {
    resetClock()
    await AnnouncementModel.deleteMany({})
    await readLooks()
  })

  const announce = (form: object = {}) =>
    admin.post('/admin/announcements', { ...closing, ...dates, ...form })
  const signInPage = async (language = 'en'): Promise<string> =>
    (await palier.anonymous.get('/sign-in', { ...html, 'accept-language': language })).text

  it('stands at the top of every page of those who are signed in, and of nobody else', async () => {
    expect((await announce()).status).to.equal(201)
    for (const path of ['/', '/people', '/me'])
      expect((await admin.get(path, html)).text, path).to.include('Closed on Friday.')
    const cookie = await signIn(palier.url, 'learner@demo.palier')
    const nowhere = await getPage(palier.url, '/nowhere', cookie)
    expect(await nowhere.text()).to.include('Closed on Friday.')
    expect(await signInPage()).to.not.include('Closed on Friday.')
    expect(await signInPage()).to.not.include('class="announcements"')
  })

  it('is one landmark with a name, and says so once', async () => {
    await announce({ tone: 'warning' })
    await announce({ textEn: 'And another.' })
    const { text } = await admin.get('/people', html)
    expect(
      text.match(/<section class="announcements" aria-label="Announcements">/g),
    ).to.have.length(1)
    expect(text.match(/Closed on Friday\./g)).to.have.length(1)
    expect(text.match(/<strong>Warning:<\/strong>/g)).to.have.length(1)
    const [banner = ''] = /<section class="announcements"[\s\S]*?<\/section>/.exec(text) ?? []
    expect(banner).to.not.match(/role="(alert|status)"|aria-live/)
  })

  it('stands at the sign-in where it was said so, in the reader’s language or the first there is', async () => {
    await announce({ atSignIn: true })
    expect(await signInPage('fr')).to.include('>Fermé vendredi.</p>')
    expect(await signInPage('es')).to.match(/<p [^>]*lang="en">Closed on Friday\.<\/p>/)
    expect(await signInPage('en')).to.not.match(/<p [^>]*lang="en">Closed/)
  })

  it('holds from its first day to the end of its last, as its reader counts days', async () => {
    await announce({ from: '2027-03-01', until: '2027-03-02', atSignIn: true })
    const shownAt = async (at: string): Promise<boolean> => {
      setClock(() => new Date(at))
      await readLooks()
      return (await signInPage()).includes('Closed on Friday.')
    }
    expect(await shownAt('2027-02-28T23:59:00Z')).to.equal(false)
    expect(await shownAt('2027-03-01T00:00:00Z')).to.equal(true)
    expect(await shownAt('2027-03-02T23:59:00Z')).to.equal(true)
    expect(await shownAt('2027-03-03T00:00:00Z')).to.equal(false)
  })

  it('is closed for good by its reader, without script, who stays on the page', async () => {
    const { json } = await announce()
    await announce({ textEn: 'And another.' })
    const cookie = await signIn(palier.url, 'learner@demo.palier')
    const page = await (await getPage(palier.url, '/courses?q=plain', cookie)).text()
    expect(page).to.include('name="back" value="/courses?q=plain"')
    const path = `/announcements/${json.id as string}/close`
    const answer = await postForm(palier.url, path, { back: '/courses?q=plain' }, cookie)
    expect([answer.status, answer.headers.get('location')]).to.deep.equal([303, '/courses?q=plain'])
    expect(answer.headers.get('set-cookie')).to.match(/HttpOnly; SameSite=Lax/)
    const closed = `${cookie}; ${cookieOf(answer)}`
    const after = await (await getPage(palier.url, '/courses', closed)).text()
    expect(after).to.not.include('Closed on Friday.')
    expect(after).to.include('And another.')
  })

  it('leads nowhere else when it is closed, and takes no id that is none', async () => {
    const path = `/announcements/${randomUUID()}/close`
    for (const back of ['https://evil.example/', '//evil.example', '/\\evil.example'])
      expect((await postForm(palier.url, path, { back })).headers.get('location')).to.equal('/')
    expect((await postForm(palier.url, '/announcements/a;b/close', {})).status).to.equal(404)
  })

  it('is made once, changed and removed, and each is logged', async () => {
    const id = randomUUID()
    expect((await announce({ id })).status).to.equal(201)
    expect((await announce({ id })).status).to.equal(200)
    expect((await admin.get('/admin/announcements')).json.total).to.equal(1)
    const path = `/admin/announcements/${id}`
    await admin.post(path, { ...closing, ...dates, textEn: 'Open on Friday.' })
    expect((await admin.get('/people', html)).text).to.include('Open on Friday.')
    expect((await admin.post(`${path}/remove`)).status).to.equal(204)
    expect((await admin.get('/people', html)).text).to.not.include('Open on Friday.')
    const { items } = (await admin.get('/admin/audit')).json
    expect(items.slice(0, 3).map(({ action }: { action: string }) => action)).to.deep.equal([
      'organisation:announcement-removed',
      'organisation:announcement-changed',
      'organisation:announcement-made',
    ])
    expect(items[1].details).to.include({ text: 'Open on Friday.', until: '2999-12-31' })
  })

  it('that says nothing, or ends before it begins, is refused', async () => {
    const codes = async (form: object): Promise<string[]> =>
      (await announce(form)).json.errors.map(({ code }: { code: string }) => code)
    expect(await codes({ textEn: undefined, textFr: undefined })).to.deep.equal([
      'organisation:announcement-empty',
    ])
    expect(await codes({ until: '1999-12-31' })).to.deep.equal([
      'organisation:ends-before-it-begins',
    ])
  })

  it('is written text: no markup in it is ever run', async () => {
    await announce({ textEn: '<script>alert(1)</script>' })
    expect((await admin.get('/people', html)).text).to.include('&lt;script&gt;alert(1)')
  })

  it('is the administrators’ own', async () => {
    const { json } = await announce()
    const path = `/admin/announcements/${json.id as string}`
    for (const email of ['coordinator', 'learner']) {
      const other = await palier.as(`${email}@demo.palier`)
      expect((await other.post('/admin/announcements', closing)).status).to.equal(403)
      expect((await other.get(path)).status).to.equal(403)
      expect((await other.post(`${path}/remove`)).status).to.equal(403)
    }
    await AnnouncementModel.updateOne({ _id: json.id }, { $set: { institution: 'another' } })
    expect((await admin.get(path)).status).to.equal(404)
    expect((await admin.post(`${path}/remove`)).status).to.equal(404)
    await readLooks()
    expect((await admin.get('/people', html)).text).to.not.include('Closed on Friday.')
  })
})
