import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { resetClock, setClock } from '../../../server/platform/clock.js'
import { withDemo, type Program, type TestApp } from '../../../test/support/app.js'
import { RuntimeModel } from '../models.js'
import { buildPackage } from './support/packages.js'
import { importPackage, nextLearner, play, playing, type Imported } from './support/playing.js'

describe('the player’s routes', function () {
  this.timeout(180_000)
  let palier: TestApp
  let imported: Imported

  before(async () => {
    palier = await withDemo()
    imported = await importPackage(palier, await buildPackage({ parts: ['One', 'Two'] }))
  })

  afterEach(() => resetClock())

  const commit = { seq: 1, delta: { suspend_data: 'x' } }
  const form = { 'content-type': 'application/x-www-form-urlencoded' }

  /** Somebody signed in by a cookie, as a browser is. */
  async function signedIn(email: string): Promise<Program> {
    const body = new URLSearchParams({ email, password: 'palier-demo' }).toString()
    const { headers } = await palier.anonymous.send('POST', '/sign-in', body, {
      ...form,
      origin: palier.url,
    })
    const cookie = (headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const { send } = palier.anonymous
    const own = { cookie, origin: palier.url }
    const as: Program['send'] = (method, path, sent, more) =>
      send(method, path, sent, { ...own, ...more })
    return {
      send: as,
      get: (path, more = {}) => as('GET', path, undefined, { accept: 'application/json', ...more }),
      post: (path, sent = {}, more = {}) =>
        as('POST', path, JSON.stringify(sent), {
          'content-type': 'application/json',
          accept: 'application/json',
          ...more,
        }),
      patch: () => Promise.reject(new Error('not used')),
    }
  }

  it('serve the shell on the package’s own host alone, with a policy that lets our script in and no other', async () => {
    const player = await play(palier, await nextLearner(palier), imported)
    const { pathname, search } = new URL(player.launchUrl)
    const shell = await player.get(pathname + search)
    expect(shell.status).to.equal(200)
    const policy = String(shell.headers['content-security-policy'])
    expect(policy).to.include("default-src 'none'").and.to.include("script-src 'self';")
    expect(policy).to.include(`frame-ancestors ${palier.url}`).and.not.to.include('unsafe')
    expect(shell.headers['set-cookie']).to.equal(undefined)
    expect(shell.headers['cache-control']).to.equal('no-store')
    expect(shell.text).to.match(/<script type="module" src="\/assets\/scorm\/shell/)
    expect(shell.text).not.to.include(player.token)

    const elsewhere = { host: 'a'.repeat(32) + new URL(player.launchUrl).host.slice(32) }
    expect((await player.get(pathname, elsewhere)).status).to.equal(404)
    expect((await palier.anonymous.get(pathname)).status).to.equal(404)
  })

  it('serve a package’s files there, with no worker of theirs, and nothing that runs on a server', async () => {
    const player = await play(palier, await nextLearner(palier), imported)
    const files = new URL(player.launchUrl).pathname.replace(/shell$/, 'files')
    const page = await player.get(`${files}/part0.html`)
    expect([page.status, page.headers['content-type']]).to.deep.equal([
      200,
      'text/html; charset=utf-8',
    ])
    expect(page.headers['set-cookie']).to.equal(undefined)
    expect(page.headers['x-content-type-options']).to.equal('nosniff')
    const worker = await player.get(`${files}/sco.js`, { 'service-worker': 'script' })
    expect(worker.status).to.equal(403)
    for (const path of ['/', '/none.html', '/..%2f..%2fpackage.json', '/.env']) {
      expect((await player.get(files + path)).status, path).to.equal(404)
    }
  })

  it('save by token alone, as JSON or as the plain text of a beacon', async () => {
    const player = await play(palier, await nextLearner(palier), imported)
    const launch = randomUUID()
    const { epoch } = (await player.open(launch)).json
    const body = {
      token: player.token,
      attempt: player.attempt,
      launch,
      epoch,
      sco: 1,
      baseSeq: 0,
      commitId: randomUUID(),
      ...commit,
    }
    const beacon = await player.send('/rt/commit', JSON.stringify(body), {
      'content-type': 'text/plain;charset=UTF-8',
    })
    expect([beacon.status, beacon.json.storedSeq]).to.deep.equal([200, 1])
    const torn = await player.send('/rt/commit', '{"token":', {
      'content-type': 'text/plain',
      accept: 'application/json',
    })
    expect([torn.status, torn.json.code]).to.deep.equal([400, 'core:unreadable'])
    expect((await palier.anonymous.post('/rt/commit', body)).status).to.equal(404)
  })

  it('refuse a token that was forged, that is another’s, or whose time is over', async () => {
    const player = await play(palier, await nextLearner(palier), imported)
    const launch = randomUUID()
    const { epoch } = (await player.open(launch)).json
    const common = { launch, epoch, ...commit }
    const codes = async (sent: object) => {
      const { status, json } = await player.commit({ ...common, ...sent })
      return [status, json.code] as unknown
    }
    expect(await codes({ token: `${player.token}x` })).to.deep.equal([401, 'scorm:token-invalid'])
    const [body = ''] = player.token.split('.')
    const grant = JSON.parse(Buffer.from(body, 'base64url').toString()) as object
    const forged = Buffer.from(JSON.stringify({ ...grant, attempt: 'another' })).toString(
      'base64url',
    )
    expect(await codes({ token: player.token.replace(body, forged) })).to.deep.equal([
      401,
      'scorm:token-invalid',
    ])
    const other = await play(palier, await nextLearner(palier), imported)
    expect(await codes({ token: other.token })).to.deep.equal([404, 'core:not-found'])
    const later = Date.now() + 16 * 60_000
    setClock(() => new Date(later))
    expect(await codes({})).to.deep.equal([401, 'scorm:token-expired'])
  })

  it('give another token to whose attempt it is while the sign-in lasts, and save nothing after it', async () => {
    const learner = await signedIn('learner@demo.palier')
    await learner.post(`/courses/${imported.course}/enrolments`)
    const player = playing(palier, await learner.get(`/learn/${imported.activity}`))
    const launch = randomUUID()
    const { epoch } = (await player.open(launch)).json
    const renewal = `/scorm/attempts/${encodeURIComponent(player.attempt)}/token`
    const renewed = await learner.post(renewal)
    expect(renewed.status).to.equal(200)
    const common = { launch, epoch, token: renewed.json.token as string, delta: {} }
    expect((await player.commit({ ...common, seq: 1 })).status).to.equal(200)

    const stranger = await signedIn('manager@demo.palier')
    expect((await stranger.post(renewal)).status).to.equal(404)
    expect((await palier.anonymous.post(renewal)).status).to.equal(401)

    await learner.send('POST', '/sign-out', '', form)
    const after = await player.commit({ ...common, seq: 2 })
    expect([after.status, after.json.code]).to.deep.equal([401, 'scorm:signed-out'])
    expect((await player.open(launch)).status).to.equal(401)

    const again = await signedIn('learner@demo.palier')
    const fresh = (await again.post(renewal)).json.token as string
    expect((await player.commit({ ...common, token: fresh, seq: 3 })).status).to.equal(200)
  })

  it('keep nothing of a preview', async () => {
    const trainer = await palier.as('trainer@demo.palier')
    const player = playing(palier, await trainer.get(`/learn/${imported.activity}?preview=1`))
    const launch = randomUUID()
    const opened = (await player.open(launch)).json
    expect(opened).to.include({ mode: 'browse', epoch: 1 })
    expect(opened.items[0].cmi.core).to.include({ lesson_mode: 'browse', credit: 'no-credit' })
    const stored = await player.commit({ launch, epoch: 1, ...commit })
    expect([stored.status, stored.json.result]).to.deep.equal([200, 'true'])
    expect(await RuntimeModel.findById(player.attempt)).to.equal(null)
  })

  it('open where the learner was, unless that is done', async () => {
    const player = await play(palier, await nextLearner(palier), imported)
    const launch = randomUUID()
    const { epoch } = (await player.open(launch)).json
    await player.commit({
      launch,
      epoch,
      sco: 1,
      seq: 1,
      delta: { core: { lesson_status: 'incomplete' } },
    })
    expect((await player.open()).json.start).to.equal(1)
    const second = randomUUID()
    const { epoch: next } = (await player.open(second)).json
    await player.commit({
      launch: second,
      epoch: next,
      sco: 1,
      seq: 1,
      final: true,
      delta: { core: { lesson_status: 'completed' } },
    })
    expect((await player.open()).json.start).to.equal(0)
  })
})
