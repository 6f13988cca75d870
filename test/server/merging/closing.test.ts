import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { placeEverybody } from '../../../server/domain/organisation/placing.js'
import { systemActor } from '../../../server/domain/people/access.js'
import { PersonModel, SessionModel } from '../../../server/domain/people/models.js'
import { grantRole, rolesOf } from '../../../server/domain/people/roles.js'
import type { Id } from '../../../server/kernel/contract.js'
import { now } from '../../../server/platform/clock.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import { password, somebodyNew, twins } from './support/twins.js'

const system = systemActor('test')

describe('two accounts that become one', function () {
  this.timeout(180_000)
  let palier: TestApp
  let admin: Program
  let kept: Id
  let lost: Id

  before(async () => {
    palier = await withDemo()
    admin = await palier.as('admin@demo.palier')
  })
  beforeEach(async () => {
    ;({ kept, lost } = await twins())
  })

  const merge = (by = admin, into = kept, from = lost) => by.post(`/people/${from}/merge`, { into })
  const dryRun = async (by = admin) => (await by.get(`/people/${lost}/merge?into=${kept}`)).json
  const accountOf = async (id: Id): Promise<string> =>
    (await PersonModel.findById(id).lean())?.email ?? ''

  describe('of which one is closed', () => {
    const signIn = (email: string) => palier.anonymous.post('/sign-in', { email, password })

    it('sign in to the one that stays by the address of either, and the other’s sessions end', async () => {
      const address = await accountOf(lost)
      expect((await signIn(address)).json.person.id).to.equal(lost)
      await merge()
      expect(await SessionModel.countDocuments({ 'session.held.person': lost })).to.equal(0)
      expect((await signIn(address)).json.person.id).to.equal(kept)
      expect((await signIn(await accountOf(kept))).json.person.id).to.equal(kept)
      const stays = await PersonModel.findById(lost).lean()
      expect(stays).to.include({ status: 'deactivated', mergedInto: kept })
      expect(stays).not.to.have.property('passwordHash')
    })

    it('give the other a staff number or an address that it lacks', async () => {
      const staffNumber = `S-${randomUUID().slice(0, 8)}`
      const numbered = await somebodyNew({ staffNumber })
      const address = await accountOf(kept)
      expect((await merge(admin, numbered, kept)).status).to.equal(200)
      expect(await PersonModel.findById(numbered).lean()).to.include({
        staffNumber,
        email: address,
      })
      expect((await signIn(address)).json.person.id).to.equal(numbered)
      expect((await signIn(staffNumber)).json.person.id).to.equal(numbered)
    })

    it('cannot be opened again, and says which one stays', async () => {
      await merge()
      const answer = await admin.patch(`/people/${lost}`, { status: 'active' })
      expect([answer.status, answer.json.code]).to.deep.equal([409, 'people:merged'])
      const page = (await admin.get(`/people/${lost}`, { accept: 'text/html' })).text
      expect(page).to.include(`href="/people/${kept}"`)
    })

    it('stays within reach of whoever managed it', async () => {
      const { units } = (await PersonModel.findById(lost).lean()) ?? {}
      await merge()
      await placeEverybody.run(undefined)
      expect((await PersonModel.findById(lost).lean())?.units).to.deep.equal(units)
      expect((await admin.get(`/people/${lost}`)).status).to.equal(200)
    })

    it('is erased with the one that stays', async () => {
      await merge()
      const { name } = (await PersonModel.findById(kept).lean()) ?? { name: '' }
      await admin.patch(`/people/${kept}`, { status: 'deactivated' })
      expect((await admin.post(`/people/${kept}/erasure`, { name })).status).to.be.below(400)
      expect(JSON.stringify(await PersonModel.findById(lost).lean())).not.to.match(/Twin|demo/)
    })

    it('loses its roles, which the dry run names, and hands none on', async () => {
      const role = { person: lost, role: 'trainer', unit: 'coast-delegation' } as const
      await grantRole(system, role)
      expect((await dryRun()).lost.roles).to.have.length(1)
      await merge()
      for (const person of [kept, lost]) expect(await rolesOf(person, now())).to.have.length(0)
    })
  })

  describe('are not merged', () => {
    const refused = async (answer: Promise<{ status: number; json: { code?: string } }>) => {
      const { status, json } = await answer
      expect(await PersonModel.countDocuments({ mergedInto: { $in: [kept, lost] } })).to.equal(0)
      return [status, json.code]
    }

    it('by whoever manages one of them only, or none', async () => {
      const elsewhere = await somebodyNew({ unit: 'highlands-delegation' })
      const coordinator = await palier.as('coordinator@demo.palier')
      const own = (await coordinator.get('/people')).json.items.map(({ id }: { id: Id }) => id)
      const [theirs, others] = own.includes(kept) ? [kept, elsewhere] : [elsewhere, kept]
      expect((await refused(merge(coordinator, others, theirs)))[0]).to.equal(404)
      expect((await refused(merge(coordinator, theirs, others)))[0]).to.equal(404)
      const learner = await palier.as('learner@demo.palier')
      expect((await refused(merge(learner)))[0]).to.be.oneOf([403, 404])
    })

    it('by one of the two, and not with oneself', async () => {
      const me = (await admin.get('/me')).json.person.id
      expect(await refused(merge(admin, me))).to.deep.equal([409, 'merging:not-oneself'])
      expect(await refused(merge(admin, kept, me))).to.deep.equal([409, 'merging:not-oneself'])
      expect(await refused(merge(admin, kept, kept))).to.deep.equal([409, 'merging:same-account'])
    })

    it('where one holds a role that whoever merges could not grant', async () => {
      const unit = (await PersonModel.findById(kept).lean())?.unit ?? ''
      const helper = await somebodyNew({ unit })
      await grantRole(system, { person: helper, role: 'coordinator', unit })
      const by = await palier.as(await accountOf(helper))
      expect((await by.get(`/people/${lost}/merge?into=${kept}`)).json.other.refused).to.equal(null)
      await grantRole(system, { person: lost, role: 'administrator', unit: 'ispm' })
      const code = 'organisation:holds-roles'
      expect(await refused(merge(by))).to.deep.equal([403, code])
      expect(await refused(merge(by, lost, kept))).to.deep.equal([403, code])
    })

    it('where the one to stay has left', async () => {
      await admin.patch(`/people/${kept}`, { status: 'deactivated' })
      expect(await refused(merge())).to.deep.equal([409, 'merging:kept-has-left'])
      expect((await dryRun()).other.refused).to.equal('merging:kept-has-left')
    })
  })
})
