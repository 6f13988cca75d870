import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { EnquiryModel } from '../../../plugins/contact/models.js'
import { KeptStateModel, RuntimeModel } from '../../../plugins/scorm/models.js'
import { ImportModel, RowModel } from '../../../server/domain/imports/models.js'
import { MessageModel } from '../../../server/domain/learning/messages/models.js'
import { AttemptModel } from '../../../server/domain/learning/models.js'
import { AnswerSheetModel } from '../../../server/domain/learning/questions/models.js'
import { NotificationModel } from '../../../server/domain/notifications/models.js'
import { UnitModel } from '../../../server/domain/organisation/models.js'
import { AuditModel } from '../../../server/domain/people/audit-models.js'
import { PersonModel } from '../../../server/domain/people/models.js'
import { personFrom } from '../../../server/domain/people/describing.js'
import { RetentionRuleModel } from '../../../server/domain/privacy/retention/models.js'
import { removeOld } from '../../../server/domain/privacy/retention/removing.js'
import { kindsAt } from '../../../server/domain/privacy/retention/rules.js'
import { contributions } from '../../../server/kernel/plugins.js'
import { addMonths, dayAt } from '../../../server/domain/assigning/days.js'
import { now } from '../../../server/platform/clock.js'
import { hasKey } from '../../../server/platform/i18n.js'
import { JobRunModel } from '../../../server/platform/jobs.js'
import { definedModels, type Model } from '../../../server/platform/database.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'

const day = 86_400_000
const elsewhere = 'elsewhere'

/** Whose a record is to be, and from when. */
interface Made {
  readonly person: string
  readonly institution: string
  readonly at: Date
}

/** A record that is removed once it is old, and one alike that never is. */
interface Case {
  readonly model: Model<never>
  due(made: Made): Promise<string>
  stays(made: Made): Promise<string>
}

const inserted: [model: Model<unknown>, id: string][] = []

const insert = async (model: unknown, document: Readonly<Record<string, unknown>>) => {
  const _id = (document._id as string | undefined) ?? randomUUID()
  await (model as Model<unknown>).collection.insertOne({ ...document, _id } as never)
  inserted.push([model as Model<unknown>, _id])
  return _id
}

async function attempt({ person, at }: Made, isOver: boolean): Promise<string> {
  const _id = await insert(AttemptModel, {
    ...{ person, course: 'x', activity: randomUUID(), enrolment: 'x', cycle: 1, number: 1 },
    ...{ status: 'open', openedAt: at, revision: 0 },
    progress: { completion: isOver ? 'completed' : 'incomplete' },
  })
  return _id
}

const notification = ({ person, at }: Made, more = {}) =>
  insert(NotificationModel, { person, kind: 'learning:wrote', data: {}, at, ...more })

const sheet = async (made: Made, isOver: boolean) =>
  insert(AnswerSheetModel, {
    ...{ person: made.person, version: randomUUID(), cycle: 1, number: 1, revision: 0 },
    ...{ answers: [], attempt: await attempt(made, isOver) },
  })

const runtime = async (made: Made, isOver: boolean) =>
  insert(RuntimeModel, {
    _id: await attempt(made, isOver),
    ...{ person: made.person, savedAt: made.at, scos: {}, launches: [], epoch: 1, revision: 1 },
  })

const keptState = async (made: Made, isOver: boolean) =>
  insert(KeptStateModel, {
    ...{ person: made.person, attempt: await attempt(made, isOver), at: made.at },
    ...{ epoch: 1, kind: 'closing', status: 'kept', revision: 0, scos: {}, seqs: {} },
  })

const message = ({ person: by, at }: Made, more: object) =>
  insert(MessageModel, { course: 'x', by, at, to: 'everybody', subject: 's', text: 't', ...more })

const enquiry = ({ person, at }: Made, status: string) =>
  insert(EnquiryModel, {
    ...{ person, units: [], status, text: 't', at, words: [], revision: 0 },
    ...(status === 'answered' && { answer: { text: 'a', by: person, at } }),
  })

const imported = async ({ institution, at }: Made, status: string) => {
  const _id = await insert(ImportModel, {
    ...{ unit: institution, units: [institution], institution, by: 'x', language: 'en', at },
    ...{ file: 'f', header: [], columns: [], status, lines: 1, counts: {}, newUnits: [] },
  })
  await insert(RowModel, { import: _id, sequence: 0, line: 1, state: 'done', outcome: 'create' })
  return _id
}

const failed = ({ at }: Made, status: string) =>
  insert(JobRunModel, { job: 'platform:deliver-mail', status, tries: 6, dueAt: at })

const leaver = ({ institution, at }: Made, more: object) => {
  const form = { givenName: 'Gone', familyName: 'Away', language: 'en', institution }
  const email = `${randomUUID()}@demo.palier`
  return insert(PersonModel, { ...personFrom({ ...form, email }), leavesAt: at, ...more })
}

const cases: Readonly<Record<string, Case>> = {
  'notifications:read': {
    model: NotificationModel as never,
    due: notification,
    stays: (made) => notification(made, { unread: true }),
  },
  'learning:answer-sheets': {
    model: AnswerSheetModel as never,
    due: (made) => sheet(made, true),
    stays: (made) => sheet(made, false),
  },
  'learning:messages': {
    model: MessageModel as never,
    due: (made) => message(made, { told: 1 }),
    stays: (made) => message(made, {}),
  },
  'scorm:runtimes': {
    model: RuntimeModel as never,
    due: (made) => runtime(made, true),
    stays: (made) => runtime(made, false),
  },
  'scorm:kept-states': {
    model: KeptStateModel as never,
    due: (made) => keptState(made, true),
    stays: (made) => keptState(made, false),
  },
  'contact:enquiries': {
    model: EnquiryModel as never,
    due: (made) => enquiry(made, 'answered'),
    stays: (made) => enquiry(made, 'open'),
  },
  'imports:lines': {
    model: ImportModel as never,
    due: (made) => imported(made, 'applied'),
    stays: (made) => imported(made, 'ready'),
  },
  'privacy:leavers': {
    model: PersonModel as never,
    due: (made) => leaver(made, { status: 'deactivated' }),
    stays: (made) => leaver(made, { status: 'active' }),
  },
  'platform:failed-jobs': {
    model: JobRunModel as never,
    due: (made) => failed(made, 'dead'),
    stays: (made) => failed({ ...made, at: new Date('2999-01-01') }, 'waiting'),
  },
}

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

  it('is kept for good where that is chosen, and by default where nobody chose', async () => {
    const at = new Date(Number(now()) - 20 * 366 * day)
    const read = await notification({ person: here, institution: 'ispm', at })
    const left = await leaver({ person: '', institution: 'ispm', at }, { status: 'deactivated' })
    await admin.post('/admin/retention', { 'notifications:read': null })
    await removeOld.run(undefined)
    expect(await NotificationModel.exists({ _id: read })).to.not.equal(null)
    expect((await PersonModel.findById(left))?.givenName).to.equal('Gone')
    await RetentionRuleModel.deleteMany({})
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

    await admin.post('/admin/retention', { 'notifications:read': 3, 'contact:enquiries': null })
    const line = await AuditModel.findOne({ action: 'privacy:retention-changed' })
      .sort({ _id: -1 })
      .lean()
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
    const id = await imported({ person: '', institution: 'ispm', at: new Date(0) }, 'applied')
    await removeOld.run(undefined)
    expect(await RowModel.countDocuments({ import: id })).to.equal(0)
    const { status, json } = await admin.post(`/imports/${id}/undo`)
    expect([status, json.code]).to.deep.equal([409, 'imports:forgotten'])
    await ImportModel.deleteOne({ _id: id })
  })
})
