import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { ImportModel, RowModel } from '../../../server/domain/imports/models.js'
import { NotificationModel } from '../../../server/domain/notifications/models.js'
import { UnitModel } from '../../../server/domain/organisation/models.js'
import { AuditModel } from '../../../server/domain/people/audit-models.js'
import { PersonModel } from '../../../server/domain/people/models.js'
import { RetentionRuleModel } from '../../../server/domain/privacy/retention/models.js'
import { removeOld } from '../../../server/domain/privacy/retention/removing.js'
import { kindsAt } from '../../../server/domain/privacy/retention/rules.js'
import { contributions } from '../../../server/kernel/plugins.js'
import { addMonths, dayAt } from '../../../server/domain/assigning/days.js'
import { now } from '../../../server/platform/clock.js'
import { hasKey } from '../../../server/platform/i18n.js'
import { definedModels } from '../../../server/platform/database.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import {
  cases,
  imported,
  inserted,
  insert,
  leaver,
  notification,
  type Case,
} from './support/old-records.js'

const day = 86_400_000
const elsewhere = 'elsewhere'

describe('how long what is kept', function () {
  this.timeout(180_000)
  let palier: TestApp
  let admin: Program
  let here: string
  let there: string

  before(async () => {
    palier = await withDemo()
    admin = await palier.as('admin@demo.palier')
    const unit = { name: 'Elsewhere', kind: 'institution', parent: null, institution: elsewhere }
    await insert(UnitModel, { _id: elsewhere, units: [elsewhere], ...unit })
    const active = { status: 'active', leavesAt: null }
    here = await leaver({ person: '', institution: 'ispm', at: now() }, active)
    there = await leaver({ person: '', institution: elsewhere, at: now() }, active)
    await removeOld.run(undefined)
  })
  afterEach(() => RetentionRuleModel.deleteMany({}))
  after(async () => {
    for (const [model, _id] of inserted) await model.deleteOne({ _id })
  })

  const lineOf = async (place = 'ispm') =>
    AuditModel.findOne({ action: 'privacy:old-removed', object: place }).sort({ _id: -1 }).lean()
  const dueOn = async (kind: string, months: number | string): Promise<number> => {
    const { places } = (await admin.get(`/admin/retention?${kind}=${months}`)).json
    const kinds = places.flatMap((one: { kinds: unknown[] }) => one.kinds)
    return kinds.find(({ id }: { id: string }) => id === kind).due
  }
  const isGone = async ({ model }: Case, _id: string): Promise<boolean> =>
    !(await model.collection.findOne({
      _id: _id as never,
      forgottenAt: null,
      givenName: { $ne: '' },
    }))

  it('has a test for every kind, and words for every kind, those that last as well', () => {
    const removable = [...kindsAt('ispm'), ...kindsAt('installation')].map(({ id }) => id)
    expect(Object.keys(cases)).to.have.members(removable)
    const wordless = contributions('retention').flatMap(({ label }) =>
      [label, `${label}-hint`].filter((key) => !hasKey(key)),
    )
    expect(wordless).to.deep.equal([])
    for (const kind of [...kindsAt('ispm'), ...kindsAt('installation')])
      expect(definedModels().has(kind.model), kind.id).to.equal(true)
  })

  for (const [kind, one] of Object.entries(cases)) {
    it(`removes of ${kind} what is older, and nothing else, once`, async () => {
      const months = kind === 'privacy:leavers' ? 60 : 12
      const cut = new Date(addMonths(dayAt(now(), 'UTC'), -months))
      const [old, young] = [new Date(Number(cut) - 1), new Date(Number(cut) + 1)]
      const mine = { person: here, institution: 'ispm' }
      const before = await dueOn(kind, months)
      const gone = await one.due({ ...mine, at: old })
      const kept = [await one.due({ ...mine, at: young }), await one.stays({ ...mine, at: old })]
      const isPerPlace = kind !== 'platform:failed-jobs'
      if (isPerPlace) kept.push(await one.due({ person: there, institution: elsewhere, at: old }))

      const counted = await dueOn(kind, months)
      expect(counted, 'the dry run').to.equal(before + 1)
      expect(await isGone(one, gone), 'the dry run removes nothing').to.equal(false)
      expect((await admin.post('/admin/retention', { [kind]: months })).status).to.equal(204)
      // Another institution keeps it for good.
      await RetentionRuleModel.create({
        _id: elsewhere,
        kept: [{ kind: kind as never, months: null }],
      })

      await removeOld.run(undefined)
      expect(await isGone(one, gone)).to.equal(true)
      for (const id of kept) expect(await isGone(one, id), id).to.equal(false)
      const line = await lineOf(isPerPlace ? 'ispm' : 'installation')
      expect(line?.details[kind]).to.equal(String(counted))
      expect(await dueOn(kind, months)).to.equal(0)

      await removeOld.run(undefined)
      expect((await lineOf(isPerPlace ? 'ispm' : 'installation'))?._id).to.equal(line?._id)
      for (const id of kept) expect(await isGone(one, id), id).to.equal(false)
    })
  }

  it('is kept for good where that is chosen, and while nobody has chosen', async () => {
    const at = new Date(Number(now()) - 20 * 366 * day)
    const read = await notification({ person: here, institution: 'ispm', at })
    const left = await leaver({ person: '', institution: 'ispm', at }, { status: 'deactivated' })
    await admin.post('/admin/retention', { 'notifications:read': null })
    await removeOld.run(undefined)
    expect(await NotificationModel.exists({ _id: read })).to.not.equal(null)
    expect((await PersonModel.findById(left))?.givenName).to.equal('Gone')
    await RetentionRuleModel.deleteMany({})
    await removeOld.run(undefined)
    expect(await NotificationModel.exists({ _id: read })).to.not.equal(null)
    const places = async (): Promise<boolean[]> =>
      (await admin.get('/admin/retention')).json.places.map(
        ({ isChosen }: { isChosen: boolean }) => isChosen,
      )
    expect(await places()).to.not.include(true)
    // The proposal as it stands is saved.
    await admin.post('/admin/retention', {})
    expect(await places()).to.not.include(false)
    await removeOld.run(undefined)
    expect(await NotificationModel.exists({ _id: read })).to.equal(null)
    expect((await PersonModel.findById(left))?.givenName).to.equal('Gone')
  })

  it('is set by administrators alone, no shorter than it may be, and the log says so', async () => {
    const coordinator = await palier.as('coordinator@demo.palier')
    expect((await coordinator.get('/admin/retention')).status).to.equal(403)
    expect((await coordinator.get('/admin/retention/leavers')).status).to.equal(403)
    expect((await coordinator.post('/admin/retention', {})).status).to.equal(403)

    const short = (await admin.post('/admin/retention', { 'privacy:leavers': 59 })).json
    expect(short.errors[0]).to.include({
      path: 'privacy:leavers',
      code: 'privacy:kept-too-briefly',
    })
    const unknown = (await admin.post('/admin/retention', { 'people:audit': 12 })).json
    expect(unknown.errors[0]).to.include({ path: 'people:audit', code: 'core:field-unknown' })

    await admin.post('/admin/retention', {})
    await admin.post('/admin/retention', { 'notifications:read': 3, 'contact:enquiries': null })
    const changed = { action: 'privacy:retention-changed', object: 'ispm' } as const
    const line = await AuditModel.findOne(changed).sort({ _id: -1 }).lean()
    expect(line?.details).to.deep.equal({ 'notifications:read': '3', 'contact:enquiries': '∞' })
  })

  it('lists who left, from the day they were deactivated, until they are erased or come back', async () => {
    const { json } = await admin.post('/people', {
      ...{ givenName: 'Leo', familyName: 'Leaver', language: 'en', unit: 'ispm' },
      email: `${randomUUID()}@demo.palier`,
    })
    const listed = async (months: number): Promise<string[]> =>
      (await admin.get(`/admin/retention/leavers?q=Leaver&months=${months}`)).json.items.map(
        ({ id }: { id: string }) => id,
      )
    expect(await listed(0)).to.deep.equal([])
    await admin.patch(`/people/${json.id}`, { status: 'deactivated' })
    const long = new Date(Number(now()) - 800 * day)
    await PersonModel.updateOne({ _id: json.id, leavesAt: { $ne: null } }, { leavesAt: long })
    expect(await listed(24)).to.deep.equal([json.id])
    expect(await listed(36)).to.deep.equal([])
    await admin.patch(`/people/${json.id}`, { status: 'active' })
    expect(await listed(0)).to.deep.equal([])
  })

  it('refuses to undo an import whose lines are gone', async () => {
    await admin.post('/admin/retention', {})
    const id = await imported({ person: '', institution: 'ispm', at: new Date(0) }, 'applied')
    await removeOld.run(undefined)
    expect(await RowModel.countDocuments({ import: id })).to.equal(0)
    const { status, json } = await admin.post(`/imports/${id}/undo`)
    expect([status, json.code]).to.deep.equal([409, 'imports:forgotten'])
    await ImportModel.deleteOne({ _id: id })
  })
})
