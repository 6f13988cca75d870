import { expect } from 'chai'
import { Secret, TOTP } from 'otpauth'
import type { Route } from '../../../server/http/routes.js'
import type { Id } from '../../../server/kernel/contract.js'
import { contributions } from '../../../server/kernel/plugins.js'
import { now } from '../../../server/platform/clock.js'
import { definedModels } from '../../../server/platform/database.js'
import { emptyDatabase, stopTestApp, withDemo, type TestApp } from '../../support/app.js'
import { postForm, signIn } from '../../support/session.js'
import { somebodyIn } from '../../support/somebody.js'
import { idOf } from '../learning/support/taking.js'
import { supporterOf, type Supporter } from './support/looking.js'

/** What ends the looking, and what leaves. */
const open = ['POST /support/stop', 'POST /sign-out']
/** They say that somebody looked or knocked, or that the machine did its work. */
const busy = ['people.AuditEntry', 'people.Limit', 'people.Session', 'people.Token']

describe('whoever looks as somebody else does', function () {
  this.timeout(400_000)
  let palier: TestApp
  let routes: Route[]
  let support: Supporter

  before(async () => {
    // Every route is asked about samples, which other files may have left behind without their people.
    await withDemo()
    await emptyDatabase()
    palier = await withDemo()
    routes = palier.app.tables
      .filter(({ host }) => host === 'app')
      .flatMap(({ entries }) => entries)
  })
  beforeEach(async () => {
    support = await supporterOf(palier)
  })
  afterEach(() => support.post('/support/stop'))
  after(() => stopTestApp())

  const pathOf = async ({ path, access }: Route): Promise<string> => {
    const subject = 'subject' in access ? access.subject : undefined
    const [one] = subject ? await subject.sample() : []
    return path.replace(/[:*]([a-zA-Z]+)/g, encodeURIComponent(one?.id ?? 'nothing'))
  }

  for (const role of ['learner', 'manager', 'trainer'] as const) {
    it(`changes nothing as a ${role}, by any route, whatever it sends`, async () => {
      expect((await support.look(await idOf(role))).status).to.equal(201)
      const wrong: string[] = []
      for (const route of routes.filter(({ method }) => method !== 'get')) {
        const name = `${route.method.toUpperCase()} ${route.path}`
        if (open.includes(name)) continue
        const answer = await palier.anonymous.send(
          route.method.toUpperCase(),
          await pathOf(route),
          '{}',
          {
            ...{ cookie: support.cookie, origin: palier.url },
            ...{ 'content-type': 'application/json', accept: 'application/json' },
          },
        )
        if (answer.status !== 403 || answer.json.code !== 'support:looking-only')
          wrong.push(`${name}: ${answer.status}`)
      }
      expect(wrong).to.deep.equal([])
    })

    it(`leaves no trace in any record by reading every page as a ${role}`, async () => {
      expect((await support.look(await idOf(role))).status).to.equal(201)
      await support.get('/')
      const before = await everything()
      for (const route of routes.filter(({ method }) => method === 'get')) {
        const path = await pathOf(route)
        await support.page(path)
        await support.get(path)
      }
      const after = await everything()
      for (const [model, records] of before) expect(after.get(model), model).to.equal(records)
    })
  }

  it('is shown nothing that is for the person alone, and takes no file away', async () => {
    const person = await idOf('learner')
    await support.look(person)
    const closed = routes.filter(
      ({ method, shows }) =>
        method === 'get' && shows?.kind === 'shows' && shows.duringSupport === false,
    )
    const paths = closed.map(({ path }) => path)
    expect(paths).to.include.members([
      ...['/me/password', '/me/security', '/me/security/app', '/me/security/codes', '/me/tokens'],
      ...['/me/sessions', '/me/data', '/letters/:letters', '/notifications', '/contact'],
      ...['/evaluation-sheets/:sheet', '/learn/:activity', '/contact/enquiries'],
    ])
    const files = ['/me/data/export', `/people/${person}/record/file`, '/courses?format=csv']
    for (const path of [...(await Promise.all(closed.map(pathOf))), ...files]) {
      const { status, json } = await support.get(path)
      expect([path, status, json.code]).to.deep.equal([path, 403, 'support:private'])
    }
    expect((await support.get('/me/agenda')).json.address).to.equal(null)
  })

  it('has no socket: what the person is told at once, nobody else reads', async () => {
    const request = { headers: { cookie: support.cookie, host: new URL(palier.url).host } }
    const knock = () => palier.app.identify({ ...request, method: 'GET', url: '/' } as never)
    expect(await knock()).to.have.property('person')
    await support.look(await idOf('learner'))
    expect(await knock()).to.equal(undefined)
  })

  it('is refused as oneself, while looking, by a token, and as whoever does not use Palier', async () => {
    const [own, learner] = [await idOf('admin'), await idOf('learner')]
    expect((await support.look(own)).json.code).to.equal('support:not-oneself')
    const admin = await palier.as('admin@demo.palier')
    const form = { reason: 'To help on the phone' }
    const byToken = await admin.post(`/people/${learner}/support`, form)
    expect(byToken.json.code).to.equal('support:in-a-session')
    const gone = await somebodyIn(palier)
    await admin.patch(`/people/${gone.id}`, { status: 'deactivated' })
    expect((await support.look(gone.id)).json.code).to.equal('support:not-active')
    expect((await support.look(learner, { reason: ' ' })).status).to.equal(422)
    expect((await support.look(learner, { minutes: 600 })).status).to.equal(422)

    await support.look(learner)
    const again = await support.look(learner)
    expect(again.json.code, 'nobody looks through somebody').to.equal('support:looking-only')
    const elsewhere = await supporterOf(palier)
    expect((await elsewhere.look(learner)).status, 'the other browser was closed').to.equal(201)
    expect(await support.who()).to.equal(own)
    await elsewhere.post('/support/stop')
    expect((await support.post('/support/stop')).json.code).to.equal('support:over')
  })

  it('is refused as whoever has rights where one has none, by role or by reports', async () => {
    const local = await localAdministrator('valley-delegation')
    const higher = await somebodyIn(palier, 'valley-delegation')
    await grant(higher.id, 'trainer', 'ispm')
    expect((await local.look(higher.id)).json.code).to.equal('support:outranked')
    const leader = await somebodyIn(palier, 'valley-delegation')
    const led = await somebodyIn(palier, 'coast-delegation')
    const admin = await palier.as('admin@demo.palier')
    await leads(leader.id, led.id)
    expect((await local.look(leader.id)).json.code).to.equal('support:outranked')
    expect((await local.look(led.id)).status, 'beyond its units').to.equal(404)
    expect((await admin.get(`/people/${leader.id}/support`)).json.refused).to.equal(
      'support:in-a-session',
    )
    const plain = await somebodyIn(palier, 'valley-delegation')
    expect((await local.look(plain.id)).status).to.equal(201)
  })

  it('has proven a second step where the role asks for one', async () => {
    const helper = await somebodyIn(palier)
    await grant(helper.id, 'administrator', 'ispm')
    const before = await supporterOf(palier, helper.email, helper.password)
    const elsewhere = await signIn(palier.url, helper.email, helper.password)
    await postForm(palier.url, '/me/security/app', {}, elsewhere)
    const { secret } = (await palier.anonymous.get('/me/security/app', { cookie: elsewhere })).json
    const admin = await palier.as('admin@demo.palier')
    await admin.post('/admin/sign-in', { roles: ['administrator'], graceDays: 14 })
    const learner = await idOf('learner')
    expect((await before.look(learner)).json.code).to.equal('support:second-factor-first')

    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({
      timestamp: Number(now()),
    })
    const own = { cookie: elsewhere, origin: palier.url }
    await palier.anonymous.post('/me/security/app/confirm', { code }, own)
    const proven = await palier.anonymous.post(
      `/people/${learner}/support`,
      { reason: 'To help on the phone' },
      own,
    )
    expect(proven.status, proven.text).to.equal(201)
    await palier.anonymous.post('/support/stop', {}, own)
    await admin.post('/admin/sign-in', { roles: [], graceDays: 14 })
  })

  it('holds a permission that the matrix shows, and that administrators alone have', async () => {
    const admin = await palier.as('admin@demo.palier')
    expect((await admin.get('/admin/roles/permissions')).text).to.include('support:view-as')
    const declared = contributions('permissions').filter(({ id }) => id === 'support:view-as')
    expect(declared).to.deep.equal([{ id: 'support:view-as', roles: ['administrator'] }])
    for (const role of ['learner', 'manager', 'trainer', 'coordinator']) {
      const somebody = await supporterOf(palier, `${role}@demo.palier`)
      const noe = await idOf('learner')
      expect((await somebody.look(noe)).status, role).to.be.oneOf([403, 404])
    }
  })

  async function everything(): Promise<Map<string, string>> {
    const models = [...definedModels()].filter(([name]) => !busy.includes(name))
    const read = models.map(async ([name, model]): Promise<[string, string]> => {
      const records = await model.find({}).sort({ _id: 1 }).lean()
      return [name, JSON.stringify(records)]
    })
    return new Map(await Promise.all(read))
  }

  async function localAdministrator(unit: Id): Promise<Supporter> {
    const local = await somebodyIn(palier, unit)
    await grant(local.id, 'administrator', unit)
    return supporterOf(palier, local.email, local.password)
  }

  async function grant(person: Id, role: string, unit: Id): Promise<void> {
    const admin = await palier.as('admin@demo.palier')
    const { status, text } = await admin.post('/admin/roles', { person, role, unit })
    expect(status, text).to.equal(201)
  }

  /** Until posts say it, a line manager is written beside the person. */
  async function leads(manager: Id, person: Id): Promise<void> {
    await definedModels().get('people.Person')?.updateOne({ _id: person }, { $set: { manager } })
  }
})
