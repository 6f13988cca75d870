import { expect } from 'chai'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import { needsFixture } from '../../support/fixtures.js'
import { raw } from '../../support/raw.js'

describe('hostile requests', function () {
  this.timeout(300_000)
  let palier: TestApp
  let learner: Program
  let trainer: Program
  let admin: Program

  before(async () => {
    palier = await withDemo()
    ;[learner, trainer, admin] = await Promise.all([
      palier.as('learner@demo.palier'),
      palier.as('trainer@demo.palier'),
      palier.as('admin@demo.palier'),
    ])
  })

  const listOf = <T>(file: string): T[] => JSON.parse(readFileSync(file, 'utf8')) as T[]
  const linesOf = (file: string): string[] => separated(readFileSync(file, 'utf8'))

  it('sign nobody in by operators, as JSON or as a form', async function () {
    for (const body of listOf<Json>(needsFixture(this, 'hostile/http/nosql-login.json'))) {
      const asJson = await palier.anonymous.post('/sign-in', body)
      expect(asJson.status, JSON.stringify(body)).to.be.oneOf([401, 422])
      const form = new URLSearchParams(Object.entries(body).flatMap(flat)).toString()
      const asForm = await palier.anonymous.send('POST', '/sign-in', form, {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      })
      expect(asForm.status, form).to.be.oneOf([401, 422])
      for (const answer of [asJson, asForm]) expect(answer.headers.getSetCookie()).to.deep.equal([])
    }
  })

  it('reach no option of the templates', async function () {
    for (const options of listOf<Json>(needsFixture(this, 'hostile/http/ejs-options.json'))) {
      const query = new URLSearchParams(Object.entries(options).flatMap(flat)).toString()
      const page = await learner.get(`/?${query}`, { accept: 'text/html' })
      expect(page.status).to.equal(200)
      expect(page.text).to.include('</html>').and.not.include('<%')
      const refused = await learner.post('/me/preferences', options)
      expect(refused.status).to.equal(422)
    }
    expect((globalThis as Json).PWN).to.equal(undefined)
  })

  it('set no field that is not the form’s', async function () {
    const { person } = (await learner.get('/me')).json
    const before = (await admin.get(`/people/${person.id}`)).json
    for (const extra of listOf<Json>(needsFixture(this, 'hostile/http/mass-assignment.json'))) {
      const form = { language: 'en', theme: 'system', timeZone: 'UTC', ...extra }
      expect((await learner.post('/me/preferences', form)).status).to.equal(422)
      expect((await admin.patch(`/people/${person.id}`, extra)).status).to.equal(422)
    }
    expect((await admin.get(`/people/${person.id}`)).json).to.deep.equal(before)
  })

  it('are never sent on to another site', async function () {
    for (const next of linesOf(needsFixture(this, 'hostile/http/redirects.txt'))) {
      const form = { email: 'learner@demo.palier', password: 'palier-demo', next }
      const body = new URLSearchParams(form).toString()
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'text/html',
        origin: palier.url,
      }
      const answer = await raw(palier.url, { method: 'POST', path: '/sign-in', headers, body })
      expect(answer.status, next).to.equal(303)
      const to = new URL(String(answer.headers.location), palier.url)
      expect(to.origin, next).to.equal(palier.url)
    }
  })

  it('get no byte from outside a package, by any path', async function () {
    const { port } = new URL(palier.url)
    const host = `${'a'.repeat(32)}.content.localhost:${port}`
    for (const path of linesOf(needsFixture(this, 'hostile/http/traversal-paths.txt'))) {
      for (const at of ['/c/x/files/', '/assets/', '/files/']) {
        const headers = at.startsWith('/c') ? { host } : {}
        const answer = await raw(palier.url, { path: `${at}${path}`, headers })
        expect(answer.status, `${at}${path}`).to.be.within(300, 499)
        expect(answer.text).to.not.match(/root:.*:0:0|\[fonts\]/)
      }
    }
  })

  it('are answered by no host but ours', async function () {
    for (const host of linesOf(needsFixture(this, 'hostile/http/host-headers.txt'))) {
      const headers = { host, accept: 'text/html' }
      const answer = await raw(palier.url, { path: '/sign-in', headers }).catch(() => undefined)
      if (!answer) continue
      expect(answer.text, host.slice(0, 40)).to.not.include('evil.exemple')
      expect(String(answer.headers.location ?? '')).to.not.include('evil.exemple')
    }
  })

  it('upload nothing that is broken, and leave nothing behind', async function () {
    const folder = needsFixture(this, 'hostile/multipart')
    const { items } = (await trainer.get('/courses?mine=written')).json
    expect(items).to.have.length.above(0)
    const path = `/courses/${items[0].id}/activities`
    for (const file of readdirSync(folder).filter((name) => /^f0[124]/.test(name))) {
      const started = Date.now()
      const answer = await trainer.send('POST', path, readFileSync(join(folder, file)), {
        'content-type': 'multipart/form-data; boundary=----b',
        accept: 'application/json',
      })
      expect(answer.status, file).to.be.within(400, 422)
      expect(answer.json.code, file).to.match(/^[a-z]+:[a-z-]+$/)
      expect(Date.now() - started, file).to.be.below(10_000)
    }
    expect(readdirSync(join(palier.dataDir, 'tmp', 'uploads'))).to.deep.equal([])
  })

  it('name an uploaded file only by its last part, and show it as text', async function () {
    const folder = needsFixture(this, 'hostile/multipart')
    const { items } = (await trainer.get('/courses?mine=written')).json
    const path = `/courses/${items[0].id}/activities`
    for (const file of ['f03-filename-traversal.bin', 'f05-filename-html.bin']) {
      const answer = await trainer.send('POST', path, readFileSync(join(folder, file)), {
        'content-type': 'multipart/form-data; boundary=----b',
        accept: 'application/json',
      })
      expect(answer.status, file).to.be.within(200, 422)
      expect(answer.text).to.not.include('../')
      const page = await trainer.get(`/courses/${items[0].id}/edit`, { accept: 'text/html' })
      expect(page.text).to.not.include('<img src=x')
    }
  })
})

type Json = Record<string, unknown>

/** Values that hold line ends themselves are separated by NUL. */
const separated = (text: string): string[] =>
  text.split(text.includes('\0') ? '\0' : '\n').filter(Boolean)

/** `{ email: { $ne: null } }` as a form says it: `email[$ne]=`. */
function flat([key, value]: [string, unknown]): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[key, String(value ?? '')]]
  return Object.entries(value).flatMap(([inner, under]) => flat([`${key}[${inner}]`, under]))
}
