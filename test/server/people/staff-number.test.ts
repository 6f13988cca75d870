import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { up } from '../../../server/domain/people/migrations/2026-11-26-accounts-without-address.js'
import { deactivateLeavers } from '../../../server/domain/people/jobs.js'
import { PersonModel } from '../../../server/domain/people/models.js'
import { hashPassword } from '../../../server/domain/people/passwords/passwords.js'
import { now } from '../../../server/platform/clock.js'
import { nativeDatabase } from '../../../server/platform/database.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'

const unit = 'coast-delegation'
const password = 'a long enough one'

describe('accounts by staff number', function () {
  this.timeout(300_000)
  let palier: TestApp
  let admin: Program
  const number = (): string => `N-${randomUUID().slice(0, 8).toUpperCase()}`
  const form = (staffNumber?: string) => ({
    givenName: 'Zoé',
    familyName: 'Lefèvre',
    language: 'fr',
    unit,
    ...(staffNumber && { staffNumber }),
  })

  before(async () => {
    palier = await withDemo()
    admin = await palier.as('admin@demo.palier')
  })

  const withPassword = async (staffNumber: string): Promise<string> => {
    const { id } = (await admin.post('/people', form(staffNumber))).json as { id: string }
    const passwordHash = await hashPassword(password)
    await PersonModel.updateOne({ _id: id }, { $set: { passwordHash, status: 'active' } })
    return id
  }

  it('need no address, and sign in by the number in either case', async () => {
    const staffNumber = number()
    const id = await withPassword(staffNumber)
    for (const email of [staffNumber, ` ${staffNumber.toLowerCase()} `]) {
      const answer = await palier.anonymous.post('/sign-in', { email, password })
      expect(answer.status, email).to.equal(200)
      expect(answer.json.person.id).to.equal(id)
    }
    const wrong = await palier.anonymous.post('/sign-in', { email: staffNumber, password: 'x' })
    expect(wrong.status).to.equal(401)
    const shown = (await admin.get(`/people/${id}`)).json
    expect(shown).to.include({ email: null, staffNumber })
  })

  it('have one of the two at least', async () => {
    const refused = await admin.post('/people', form())
    expect(refused.status).to.equal(422)
    expect(refused.json.errors[0]).to.include({ path: 'email', code: 'people:account-missing' })
  })

  it('share no number within an institution, and may across two', async () => {
    const staffNumber = number()
    await withPassword(staffNumber)
    const again = await admin.post('/people', form(staffNumber))
    expect(again.status).to.equal(409)
    expect(again.json).to.include({ code: 'people:staff-number-taken' })
    const { _id } = await PersonModel.create({
      ...form(staffNumber),
      ...{ _id: randomUUID(), name: 'Z', status: 'active', createdAt: now() },
      institution: 'another',
    })
    const answer = await palier.anonymous.post('/sign-in', { email: staffNumber, password })
    expect(answer.status, 'the other has no password').to.equal(200)
    await PersonModel.deleteOne({ _id })
  })

  it('end on the day the person leaves, and not again once they are back', async () => {
    const id = await withPassword(number())
    await PersonModel.updateOne({ _id: id }, { $set: { leavesAt: now() } })
    await deactivateLeavers.run(undefined)
    expect((await admin.get(`/people/${id}`)).json.status).to.equal('deactivated')
    expect((await admin.patch(`/people/${id}`, { status: 'active' })).status).to.equal(200)
    await deactivateLeavers.run(undefined)
    expect((await admin.get(`/people/${id}`)).json).to.include({ status: 'active', leavesAt: null })
  })

  it('find the indexes of before gone, and those of today untouched', async () => {
    const people = nativeDatabase().collection(PersonModel.collection.collectionName)
    const names = async (): Promise<string[]> =>
      (await people.indexes()).map(({ name, unique }) => `${name}${unique ? ' unique' : ''}`).sort()
    // An index of before allowed one account without an address at most.
    await PersonModel.deleteMany({ email: null })
    await PersonModel.createIndexes()
    const today = await names()
    await people.dropIndex('email_1')
    await people.createIndex({ email: 1 }, { unique: true, name: 'email_1' })
    await up(nativeDatabase())
    expect(await names()).to.deep.equal(today.filter((name) => name !== 'email_1 unique'))
    await PersonModel.createIndexes()
    await up(nativeDatabase())
    expect(await names()).to.deep.equal(today)
  })
})
