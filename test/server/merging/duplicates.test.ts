import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { comparePeople } from '../../../server/domain/merging/comparing.js'
import { PairModel } from '../../../server/domain/merging/models.js'
import { likenessOf } from '../../../server/domain/people/likeness.js'
import { up } from '../../../server/domain/people/migrations/2026-11-27-accounts-compared.js'
import { PersonModel } from '../../../server/domain/people/models.js'
import type { Id } from '../../../server/kernel/contract.js'
import { nativeDatabase } from '../../../server/platform/database.js'
import { deliverDue } from '../../../server/platform/outbox.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import { somebodyNew } from './support/twins.js'

const list = '/people/duplicates'

describe('possible duplicates', function () {
  this.timeout(120_000)
  let palier: TestApp
  let admin: Program

  before(async () => {
    palier = await withDemo()
    admin = await palier.as('admin@demo.palier')
  })

  const compare = async (): Promise<void> => {
    await deliverDue()
    await comparePeople.run(undefined)
  }
  interface Line {
    readonly id: string
    readonly reasons: string[]
    readonly kept: { readonly id: Id }
    readonly lost: { readonly id: Id }
  }
  const found = async (who: Id, by = admin, query = ''): Promise<Line[]> => {
    const { status, json } = await by.get(`${list}?${query}`)
    expect(status).to.equal(200)
    return json.items.filter(({ kept, lost }: Line) => [kept.id, lost.id].includes(who))
  }
  const familyName = (): string => `Likely${randomUUID().slice(0, 8)}`
  const number = (): string => randomUUID().slice(0, 8).toUpperCase().replace(/^0/, '9')

  it('have keys that typing does not change', () => {
    const one = { givenName: 'José', familyName: 'Núñez Ruiz' }
    const other = { givenName: 'RUIZ', familyName: 'jose NUNEZ' }
    expect(likenessOf(one)).to.deep.equal(likenessOf(other))
    const keysOf = (staffNumber: string, email: string) =>
      likenessOf({ ...one, staffNumber, email }).slice(0, 2)
    expect(keysOf(' 00 12a', 'a@b.org')).to.deep.equal(keysOf('12A', 'a+palier@b.org'))
    expect(keysOf('12', 'a@b.org')).not.to.deep.equal(keysOf('120', 'ab@b.org'))
  })

  it('are found by name, staff number and address, the surest first', async () => {
    const [name, staffNumber, address] = [familyName(), number(), randomUUID()]
    const first = await somebodyNew({ familyName: name, staffNumber })
    const second = await somebodyNew({
      familyName: ` ${name.toUpperCase()}`,
      givenName: 'ana maria',
    })
    const third = await somebodyNew({ staffNumber: ` 0${staffNumber.toLowerCase()}` })
    const fourth = await somebodyNew({ email: `${address}@demo.palier` })
    const fifth = await somebodyNew({ email: `${address}+x@demo.palier` })
    await compare()
    const pairs = await found(first)
    expect(pairs.map(({ reasons }) => reasons)).to.deep.equal([
      ['number', 'unit'],
      ['name', 'unit'],
    ])
    expect(pairs.map(({ kept, lost }) => [kept.id, lost.id].includes(third))).to.deep.equal([
      true,
      false,
    ])
    expect(await found(second)).to.have.length(1)
    expect((await found(fourth))[0]?.reasons).to.deep.equal(['address', 'unit'])
    expect(await found(fifth, admin, 'reason=name')).to.have.length(0)
    expect(await found(first, admin, `q=${name}&reason=name`)).to.have.length(1)
  })

  it('follow what accounts are called, and where they belong', async () => {
    const name = familyName()
    const one = await somebodyNew({ familyName: name })
    const other = await somebodyNew({ familyName: name, unit: 'highlands-delegation' })
    await compare()
    expect((await found(one))[0]?.reasons).to.deep.equal(['name'])
    await admin.patch(`/people/${other}`, { unit: 'coast-delegation' })
    await compare()
    expect((await found(one))[0]?.reasons).to.deep.equal(['name', 'unit'])
    await admin.patch(`/people/${other}`, { familyName: familyName() })
    await compare()
    expect(await found(one)).to.have.length(0)
  })

  it('do not come back once somebody said that they are two people, unless that is taken back', async () => {
    const name = familyName()
    const one = await somebodyNew({ familyName: name })
    const other = await somebodyNew({ familyName: name })
    await compare()
    const [pair] = await found(one)
    const path = `${list}/${encodeURIComponent(pair?.id ?? '')}`
    expect((await admin.post(`${path}/dismiss`)).status).to.be.below(400)
    await PersonModel.updateOne({ _id: other }, { $set: { uncompared: true } })
    await compare()
    expect(await found(one)).to.have.length(0)
    expect(await found(one, admin, 'state=dismissed')).to.have.length(1)
    await admin.post(`${path}/reopen`)
    expect(await found(one)).to.have.length(1)
  })

  it('are seen, and judged, by whoever manages both people', async () => {
    const name = familyName()
    const here = await somebodyNew({ familyName: name })
    const too = await somebodyNew({ familyName: name })
    const elsewhere = await somebodyNew({ familyName: name, unit: 'highlands-delegation' })
    await compare()
    const coordinator = await palier.as('coordinator@demo.palier')
    const own = (await coordinator.get('/people')).json.items.map(({ id }: { id: Id }) => id)
    expect(own).to.include(here).and.not.to.include(elsewhere)
    expect(await found(here)).to.have.length(2)
    const seen = await found(here, coordinator)
    expect(seen.map(({ kept, lost }) => [kept.id, lost.id].toSorted())).to.deep.equal([
      [here, too].toSorted(),
    ])
    const pair = await PairModel.findOne({ $or: [{ first: elsewhere }, { second: elsewhere }] })
    const path = `${list}/${encodeURIComponent(pair?._id ?? '')}/dismiss`
    expect((await coordinator.post(path)).status).to.equal(404)
    expect((await (await palier.as('learner@demo.palier')).get(list)).status).to.equal(403)
  })

  it('of a name that very many have are only those of one unit', async () => {
    const name = familyName()
    const elsewhere = await somebodyNew({ familyName: name, unit: 'highlands-delegation' })
    for (let at = 0; at < 11; at += 1) await somebodyNew({ familyName: name })
    await compare()
    expect(await PairModel.countDocuments({ first: elsewhere })).to.equal(0)
    expect(await PairModel.countDocuments({ second: elsewhere })).to.equal(0)
    expect(await PairModel.countDocuments({ words: name.toLowerCase() })).to.equal(55)
  })

  it('are found among accounts that were there before they were compared', async () => {
    const name = familyName()
    const one = await somebodyNew({ familyName: name })
    await somebodyNew({ familyName: name })
    await PersonModel.updateMany({ familyName: name }, { $unset: { likeness: 1, uncompared: 1 } })
    await up(nativeDatabase() as never)
    await compare()
    expect(await found(one)).to.have.length(1)
  })
})
