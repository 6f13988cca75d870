import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { AwardModel } from '../../../plugins/badges/models.js'
import { EnrolmentModel } from '../../../server/domain/learning/models.js'
import { firstBrokenLine } from '../../../server/domain/people/audit.js'
import { PersonModel } from '../../../server/domain/people/models.js'
import { ErasureModel } from '../../../server/domain/privacy/models.js'
import { kinds, modelOf, within } from '../../../server/domain/privacy/records.js'
import { contributions } from '../../../server/kernel/plugins.js'
import { definedModels, type Schema } from '../../../server/platform/database.js'
import { hasKey } from '../../../server/platform/i18n.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'

describe('the right to be forgotten', function () {
  this.timeout(120_000)
  let palier: TestApp
  let admin: Program

  before(async () => {
    palier = await withDemo()
    admin = await palier.as('admin@demo.palier')
  })

  const newcomer = async (): Promise<{ id: string; name: string; email: string }> => {
    const email = `${randomUUID()}@demo.palier`
    const familyName = `Gone${randomUUID().slice(0, 6)}`
    const form = {
      givenName: 'Xavier',
      familyName,
      email,
      language: 'en',
      unit: 'coast-delegation',
    }
    const { id } = (await admin.post('/people', form)).json
    await admin.post('/courses/plain-letters/participants', { people: email })
    return { id, name: `Xavier ${familyName}`, email }
  }
  const leaves = (id: string) => admin.patch(`/people/${id}`, { status: 'deactivated' })
  const erase = (id: string, name: string, by = admin) => by.post(`/people/${id}/erasure`, { name })

  it('is for those who have left, by their whole name, and by those who may', async () => {
    const { id, name } = await newcomer()
    expect((await erase(id, name)).json).to.include({ code: 'privacy:still-active' })
    await leaves(id)
    expect((await erase(id, 'Xavier')).status).to.equal(422)
    const coordinator = await palier.as('coordinator@demo.palier')
    expect((await erase(id, name, coordinator)).status).to.equal(403)
    expect(await EnrolmentModel.countDocuments({ person: id })).to.equal(1)
    expect((await PersonModel.findById(id))?.name).to.equal(name)
  })

  it('says what would happen, does it, and leaves no record that names the person', async () => {
    const { id, name, email } = await newcomer()
    await leaves(id)
    const { fates } = (await admin.get(`/people/${id}/erasure`)).json
    const enrolments = fates.find(({ label }: { label: string }) => label.endsWith('.enrolment'))
    expect(enrolments).to.deep.include({ count: 1, fate: 'delete' })
    expect((await erase(id, name)).status).to.be.oneOf([200, 204, 303])

    const found = await PersonModel.findById(id).lean()
    expect(JSON.stringify(found))
      .not.to.match(/Xavier|Gone/)
      .and.not.to.include(email)
    for (const kind of kinds()) {
      if (kind.rules.some(({ onErasure }) => onErasure !== 'delete')) continue
      expect(await modelOf(kind).countDocuments(within(kind, id)), kind.model).to.equal(0)
    }
    expect((await ErasureModel.findById(id).lean())?.removed).to.deep.include({
      model: 'learning.Enrolment',
      count: 1,
    })
    expect(
      (await admin.get(`/people?q=${name.split(' ')[1] ?? ''}&status=deactivated`)).json.total,
    ).to.equal(0)
    const log = (await admin.get('/admin/audit')).json.items
    expect(log[0]).to.include({ action: 'privacy:erased', object: id })
    expect(await firstBrokenLine()).to.equal(undefined)
  })

  it('takes nothing from anybody else', async () => {
    const before = await Promise.all([
      AwardModel.countDocuments({}),
      EnrolmentModel.countDocuments({}),
    ])
    const { id, name } = await newcomer()
    await leaves(id)
    await erase(id, name)
    const after = await Promise.all([
      AwardModel.countDocuments({}),
      EnrolmentModel.countDocuments({}),
    ])
    expect(after).to.deep.equal(before)
  })
})

describe('the rules for personal data', () => {
  before(() => withDemo())

  /** Fields whose name says that they hold a person. */
  const telling =
    /[. ](person|people|author|lastAuthor|by|decidedBy|enrolledBy|actedFor|trainers|manager|owner|holder)$/
  /** It is the evidence that decided. */
  const nobody = 'competencies.Level decidedBy'

  it('are declared for every field that says it holds a person, in every model', () => {
    const declared = new Set(
      contributions('personalData').map(({ model, path }) => `${model} ${path}`),
    )
    const found = [...definedModels()].flatMap(([name, { schema }]) =>
      pathsOf(schema).map((path) => `${name} ${path}`),
    )
    const missing = found.filter((path) => telling.test(path) && !declared.has(path))
    expect(missing).to.deep.equal([nobody])
  })

  it('say what becomes of it when two accounts are of one person', () => {
    for (const { model, path, onMerge } of contributions('personalData')) {
      const isJoining = typeof onMerge === 'object' && 'join' in onMerge && 'count' in onMerge
      const isSaid = isJoining || ['move', 'drop', 'keep', 'follow'].includes(onMerge as string)
      expect(isSaid, `onMerge of ${model} ${path}`).to.equal(true)
    }
  })

  it('name fields that there are, an index to find them by, and a text of their own', () => {
    for (const { model, path, onErasure, onMerge, others } of contributions('personalData')) {
      const schema = definedModels().get(model)?.schema
      const rule = `${model} ${path}`
      expect(schema && kept(schema, path), rule).to.equal(true)
      if (onErasure === 'delete') expect(schema?.path(path), rule).not.to.have.property('caster')
      const first = schema?.indexes().map(([keys]) => Object.keys(keys)[0])
      const isSought = !others || onMerge === 'move' || onMerge === 'drop'
      if (path !== '_id' && isSought) expect(first, `an index for ${rule}`).to.include(path)
    }
    for (const { label } of kinds()) expect(hasKey(label), label).to.equal(true)
  })
})

/** Whether a schema has a path, or a field of any shape in which it lies. */
const kept = (schema: Schema, path: string): boolean =>
  pathsOf(schema).includes(path) || schema.path(path.split('.')[0] ?? '')?.instance === 'Mixed'

/** The paths of a schema, those within its documents and lists included. */
function pathsOf(schema: Schema): string[] {
  const paths: string[] = []
  schema.eachPath((path, { schema: inner }: { schema?: Schema }) => {
    paths.push(path, ...(inner ? pathsOf(inner).map((below) => `${path}.${below}`) : []))
  })
  return paths
}
