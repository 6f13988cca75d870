import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { PersonModel } from '../../../server/domain/people/models.js'
import { personByEmail } from '../../../server/domain/people/people.js'
import { setClock, resetClock, now } from '../../../server/platform/clock.js'
import { withDemo, type Answer, type Program, type TestApp } from '../../support/app.js'
import { somebodyIn } from '../../support/somebody.js'

const day = 86_400_000

describe('who sees whom', function () {
  this.timeout(300_000)
  let palier: TestApp
  let admin: Program
  let coordinator: Program
  const coast = 'coast-delegation'
  const highlands = 'highlands-delegation'

  before(async () => {
    palier = await withDemo()
    admin = await palier.as('admin@demo.palier')
    coordinator = await palier.as('coordinator@demo.palier')
  })
  afterEach(resetClock)

  const newcomer = async (unit: string): Promise<string> => {
    const email = `${randomUUID()}@demo.palier`
    const form = { givenName: 'Quirina', familyName: 'Newcomer', email, language: 'en', unit }
    return (await admin.post('/people', form)).json.id as string
  }

  const everybodyOf = async (program: Program, query = ''): Promise<string[]> => {
    const found: string[] = []
    let next: string | null = `/people?page=1${query}`
    while (next) {
      const { items, next: further } = (await program.get(next)).json as Listed
      found.push(...items.map(({ id }) => id))
      next = further
    }
    return found
  }

  it('lists to a coordinator the people of the delegation, all of them and nobody else', async () => {
    const expected = await PersonModel.find({ units: coast }).distinct('_id')
    expect((await everybodyOf(coordinator)).sort()).to.deep.equal([...expected].sort())
    expect(expected).to.have.length.within(3, 60)
  })

  it('shows outsiders to nobody, whichever way they are asked for', async () => {
    const outsider = await newcomer(highlands)
    expect(await everybodyOf(coordinator, '&q=Quirina')).to.not.include(outsider)
    expect(await everybodyOf(coordinator, `&unit=${highlands}`)).to.deep.equal([])
    for (const path of ['', '/edit']) {
      expect((await coordinator.get(`/people/${outsider}${path}`)).status, path).to.equal(404)
    }
    const unknown = await coordinator.get(`/people/${randomUUID()}`)
    const hidden = await coordinator.get(`/people/${outsider}`)
    expect({ ...hidden.json, requestId: '' }).to.deep.equal({ ...unknown.json, requestId: '' })
    expect((await coordinator.patch(`/people/${outsider}`, { givenName: 'X' })).status).to.equal(
      404,
    )
    expect((await coordinator.post(`/people/${outsider}/invite`)).status).to.equal(404)
  })

  it('counts only who is seen', async () => {
    const { total } = (await coordinator.get('/people')).json as Listed
    expect(total).to.equal(await PersonModel.countDocuments({ units: coast }))
  })

  it('lets nobody put people or posts where they have no say', async () => {
    const form = {
      ...{ givenName: 'A', familyName: 'B', language: 'en', unit: highlands },
      email: `${randomUUID()}@demo.palier`,
    }
    expect((await coordinator.post('/people', form)).status).to.equal(422)
    const post = { title: 'A post', altitude: 'operational', unit: highlands }
    expect((await coordinator.post('/posts', post)).status).to.equal(422)
    const own = (await coordinator.post('/posts', { ...post, unit: coast })).json
    const outsider = await newcomer(highlands)
    const filled = await coordinator.post(`/posts/${own.id}/holders`, { person: outsider })
    expect(filled.status).to.equal(422)
    expect(filled.json.errors[0]).to.include({ path: 'person', code: 'organisation:nobody-meant' })
  })

  it('grants no role to those who may not grant', async () => {
    const { _id: self } = (await personByEmail('coordinator@demo.palier')) ?? { _id: '' }
    const form = { person: self, role: 'administrator', unit: 'ispm' }
    expect((await coordinator.post('/admin/roles', form)).status).to.equal(403)
    const learner = await palier.as('learner@demo.palier')
    for (const path of ['/admin/roles', '/admin/audit', '/admin/plugins'])
      expect((await learner.get(path)).status, path).to.equal(403)
  })

  it('lets nobody take over an account that holds more than they do', async () => {
    const person = await newcomer(coast)
    const readdressed = (): Promise<Answer> =>
      coordinator.patch(`/people/${person}`, { email: `${randomUUID()}@demo.palier` })
    expect((await readdressed()).status, 'who holds nothing').to.equal(200)
    const local = await somebodyIn(palier, coast)
    await admin.post('/admin/roles', { person: local.id, role: 'administrator', unit: coast })
    const program = await palier.as(local.email)
    const reset = (): Promise<Answer> => program.post(`/people/${person}/reset-factors`)
    await admin.post('/admin/roles', { person, role: 'coordinator', unit: coast })
    expect((await reset()).status, 'who holds as much').to.equal(204)

    await admin.post('/admin/roles', { person, role: 'coordinator', unit: 'ispm' })
    for (const [ask, code] of [
      [readdressed, 'organisation:holds-roles'],
      [reset, 'organisation:outranked'],
    ] as const) {
      const { status, json } = await ask()
      expect([status, json.code]).to.deep.equal([403, code])
    }
  })

  it('follows people who move, on the day they move', async () => {
    const person = await newcomer(highlands)
    expect((await coordinator.get(`/people/${person}`)).status).to.equal(404)

    const form = { title: 'Counter', altitude: 'operational', unit: coast }
    const post = (await admin.post('/posts', form)).json
    await admin.post(`/posts/${post.id}/holders`, { person })
    expect((await coordinator.get(`/people/${person}`)).status).to.equal(200)

    expect((await admin.post(`/posts/${post.id}/vacate`, { person })).status).to.equal(204)
    expect((await coordinator.get(`/people/${person}`)).status).to.equal(404)
  })

  it('makes a manager of whoever has reports, for as long as there are some', async () => {
    const [boss, report] = [await newcomer(highlands), await newcomer(highlands)]
    await PersonModel.updateOne({ _id: boss }, { $set: { status: 'active' } })
    const { email = '' } = (await PersonModel.findById(boss).lean()) ?? {}
    const program = await palier.as(email)
    expect((await program.get(`/people/${report}`)).status).to.equal(404)

    const above = { title: 'Head', altitude: 'tactical', unit: highlands }
    const head = (await admin.post('/posts', above)).json
    const below = { title: 'Clerk', altitude: 'operational', unit: highlands, reportsTo: head.id }
    const clerk = (await admin.post('/posts', below)).json
    await admin.post(`/posts/${head.id}/holders`, { person: boss })
    await admin.post(`/posts/${clerk.id}/holders`, { person: report })
    expect((await program.get(`/people/${report}`)).status).to.equal(200)
    expect(await everybodyOf(program)).to.include(report)
    const { roles } = (await program.get('/me')).json
    expect(roles.map(({ role }: { role: string }) => role)).to.include('manager')

    await admin.post(`/posts/${clerk.id}/vacate`, { person: report })
    expect((await program.get(`/people/${report}`)).status).to.equal(404)
    expect((await program.get('/people')).status).to.equal(403)
  })

  it('holds a role between its dates, neither before nor after', async () => {
    const person = await newcomer(highlands)
    await PersonModel.updateOne({ _id: person }, { $set: { status: 'active' } })
    const { email = '' } = (await PersonModel.findById(person).lean()) ?? {}
    const program = await palier.as(email)
    const today = Number(now())
    const granted = await admin.post('/admin/roles', {
      ...{ person, role: 'coordinator', unit: coast },
      from: new Date(today + day).toISOString(),
      to: new Date(today + 3 * day).toISOString(),
    })
    expect(granted.status).to.equal(201)
    expect((await program.get('/people')).status, 'before').to.equal(403)
    setClock(() => new Date(today + 2 * day))
    expect((await program.get('/people')).status, 'during').to.equal(200)
    setClock(() => new Date(today + 4 * day))
    expect((await program.get('/people')).status, 'after').to.equal(403)
  })

  it('ends a role at once when it is ended', async () => {
    const person = await newcomer(highlands)
    await PersonModel.updateOne({ _id: person }, { $set: { status: 'active' } })
    const { email = '' } = (await PersonModel.findById(person).lean()) ?? {}
    const program = await palier.as(email)
    const form = { person, role: 'coordinator', unit: coast }
    const { id } = (await admin.post('/admin/roles', form)).json
    expect((await program.get('/people')).status).to.equal(200)
    expect((await admin.post(`/admin/roles/${id}/end`)).status).to.equal(204)
    expect((await program.get('/people')).status).to.equal(403)
  })

  it('refuses lines of report that lead in a ring', async () => {
    const form = { title: 'Ring', altitude: 'tactical', unit: coast }
    const first = (await admin.post('/posts', form)).json
    const second = (await admin.post('/posts', { ...form, reportsTo: first.id })).json
    const change = { title: 'Ring', altitude: 'tactical', reportsTo: second.id }
    const answer = await admin.patch(`/posts/${first.id}`, change)
    expect(answer.status).to.equal(422)
    expect(answer.json).to.include({ code: 'organisation:line-in-a-ring' })
  })

  it('writes what was changed in a log whose seals hold', async () => {
    const { items, broken, checked } = (await admin.get('/admin/audit?check=seals')).json
    expect({ checked, broken }).to.deep.equal({ checked: true, broken: null })
    const actions = items.map(({ action }: { action: string }) => action)
    expect(actions).to.include.members(['organisation:post-created', 'people:role-granted'])
  })
})

interface Listed {
  readonly items: readonly { readonly id: string }[]
  readonly next: string | null
  readonly total: number
}
