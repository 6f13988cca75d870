import { expect } from 'chai'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import { raw } from '../../support/raw.js'
import { signIn } from '../../support/session.js'

describe('a problem', function () {
  this.timeout(300_000)
  let palier: TestApp
  let learner: Program

  before(async () => {
    palier = await withDemo()
    learner = await palier.as('learner@demo.palier')
  })

  it('is told to programs as RFC 9457 has it, with a stable code and the request’s id', async () => {
    const { status, headers, json } = await learner.get('/people/nobody-there')
    expect(status).to.equal(404)
    expect(headers.get('content-type')).to.match(/^application\/problem\+json/)
    expect(json).to.have.all.keys('type', 'title', 'status', 'code', 'detail', 'requestId')
    expect(json).to.include({ type: 'about:blank', status: 404, code: 'core:not-found' })
    expect(headers.get('x-request-id')).to.equal(json.requestId)
  })

  it('names each field that is wrong', async () => {
    const { status, json } = await learner.post('/me/preferences', { language: 'xx', extra: 1 })
    expect(status).to.equal(422)
    const named = Object.fromEntries(
      json.errors.map(({ path, code }: { path: string; code: string }) => [path, code]),
    )
    expect(named).to.include({
      language: 'core:field-wrong-value',
      theme: 'core:field-required',
      extra: 'core:field-unknown',
    })
    for (const { detail } of json.errors) expect(detail).to.match(/\s/)
  })

  it('speaks the reader’s language', async () => {
    const headers = { 'accept-language': 'es' }
    const spanish = (await palier.anonymous.get('/nothing-here', headers)).json
    const english = (await palier.anonymous.get('/nothing-here')).json
    expect(spanish.code).to.equal(english.code)
    expect(spanish.detail).to.not.equal(english.detail)
  })

  it('is a page to a browser, in the same frame as every page', async () => {
    const cookie = await signIn(palier.url, 'learner@demo.palier')
    const { status, text } = await raw(palier.url, {
      path: '/nothing-here',
      headers: { accept: 'text/html', cookie },
    })
    expect(status).to.equal(404)
    expect(text).to.include('<main').and.include('</html>')
  })

  for (const [what, body, status] of [
    ['what is no JSON', '{"language": NaN}', 400],
    ['JSON that is cut', '{"language": "en"', 400],
    ['a list', '[1]', 422],
    ['what is too deep', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, 422],
    ['what is too large', JSON.stringify({ language: 'x'.repeat(200_000) }), 413],
  ] as const) {
    it(`is ${status} for ${what}, and tells nothing of the program`, async () => {
      const answer = await learner.send('POST', '/me/preferences', body, {
        'content-type': 'application/json',
      })
      expect(answer.status).to.equal(status)
      expect(answer.text).to.not.match(/at .*\.(ts|js)|node_modules|\/work\//)
    })
  }

  it('is a form shown again whatever was sent in the place of a text', async () => {
    const cookie = await signIn(palier.url, 'trainer@demo.palier')
    const form = new FormData()
    form.set('title[$regex]', '.*')
    form.set('text[toString]', 'x')
    const answer = await fetch(`${palier.url}/forums/unit%3Aispm/topics`, {
      method: 'POST',
      body: form,
      headers: { accept: 'text/html', origin: palier.url, cookie },
    })
    expect(answer.status).to.equal(422)
    expect(await answer.text()).to.include('</html>')
  })

  it('is the same for a form whose encoding is unknown', async () => {
    const answer = await learner.send('POST', '/me/preferences', 'language=en', {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-7',
    })
    expect(answer.status).to.be.within(400, 422)
  })

  it('is 404 for what climbs out of the assets', async () => {
    for (const path of [
      '/assets/../server/config.ts',
      '/assets/..%2f..%2fpackage.json',
      '/assets/%2e%2e/package.json',
    ]) {
      const { status, text } = await raw(palier.url, { path })
      expect(status, path).to.be.oneOf([400, 403, 404])
      expect(text).to.not.include('"dependencies"')
    }
  })

  it('is 400 or 404 for a path that cannot be decoded', async () => {
    const { status } = await raw(palier.url, {
      path: '/people/%E0%A4%A',
      headers: { accept: 'application/json' },
    })
    expect(status).to.be.oneOf([400, 404])
  })
})
