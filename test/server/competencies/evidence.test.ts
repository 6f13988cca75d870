import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { addEvidence, type NewEvidence } from '../../../server/domain/competencies/evidence.js'
import { expireLevels, levelsOfPeople } from '../../../server/domain/competencies/levels.js'
import { EvidenceModel, LevelModel } from '../../../server/domain/competencies/models.js'
import { NotificationModel } from '../../../server/domain/notifications/models.js'
import { resetClock, setClock } from '../../../server/platform/clock.js'
import { deliverDue, DeliveryModel } from '../../../server/platform/outbox.js'
import { sweepAll } from '../../../server/platform/owed.js'
import {
  emptyDatabase,
  startTestApp,
  withDemo,
  type Program,
  type TestApp,
} from '../../support/app.js'

const competency = 'digital:information'

describe('evidence', function () {
  this.timeout(180_000)
  let palier: TestApp
  let learner: Program
  let manager: Program
  let me: string
  let boss: string

  before(async () => {
    await startTestApp()
    await emptyDatabase()
    palier = await withDemo()
    learner = await palier.as('learner@demo.palier')
    manager = await palier.as('manager@demo.palier')
    me = (await learner.get('/me')).json.person.id
    boss = (await manager.get('/me')).json.person.id
  })

  const measured = (
    person: string,
    level: number,
    more: Partial<NewEvidence> = {},
  ): NewEvidence => ({
    _id: randomUUID(),
    person,
    competency,
    level,
    kind: 'measurement',
    source: 'competencies:prior-learning',
    sourceId: 'test',
    about: 'A test',
    at: new Date(Date.now() - 1000),
    assurance: 'witnessed',
    ...more,
  })
  const levelOf = async (person: string): Promise<number | undefined> =>
    (await levelsOfPeople([person], [competency]))[0]?.level

  it('settles its level at once, and announces the change', async () => {
    const person = randomUUID()
    await addEvidence(measured(person, 3))
    expect(await levelOf(person)).to.equal(3)
    const [delivery] = await DeliveryModel.find({ event: 'competencies:level-changed' }).lean()
    expect(delivery).to.deep.include({
      payload: { person, competency, framework: 'digital', from: 0, to: 3, change: 1 },
    })
    await deliverDue()
  })

  it('counts once, however often it is sent', async () => {
    const person = randomUUID()
    const once = measured(person, 2)
    await addEvidence(once)
    await addEvidence({ ...once, level: 5 })
    expect(await levelOf(person)).to.equal(2)
    expect(await EvidenceModel.countDocuments({ person })).to.equal(1)
  })

  it('ends in the right level when much of it comes at once', async () => {
    const person = randomUUID()
    await Promise.all([1, 4, 2, 5, 3].map((level) => addEvidence(measured(person, level))))
    await sweepAll()
    expect(await levelOf(person)).to.equal(5)
    await Promise.all([
      addEvidence(measured(person, 2, { kind: 'appraisal', at: new Date(Date.now() - 10) })),
      addEvidence(measured(person, 4, { kind: 'self' })),
    ])
    await sweepAll()
    expect(await LevelModel.findOne({ person }).lean()).to.include({ level: 2, self: 4 })
    expect(await LevelModel.countDocuments({ owed: { $exists: true } })).to.equal(0)
  })

  it('settles though a crash came right after it was stored', async () => {
    const person = randomUUID()
    const stored = { ...measured(person, 4), revision: 1, owed: ['settle'] }
    await EvidenceModel.collection.insertOne(stored as never)
    expect(await levelOf(person)).to.equal(undefined)
    await sweepAll()
    expect(await levelOf(person)).to.equal(4)
  })

  it('tells the person of a new level once, though a crash came before the announcement', async () => {
    await addEvidence(measured(me, 2))
    const _id = `${me}|${competency}`
    await deliverDue()
    await LevelModel.updateOne({ _id }, { $set: { owed: ['announce'] }, $inc: { revision: 1 } })
    await sweepAll()
    await deliverDue()
    const told = await NotificationModel.find({ kind: 'competencies:level-changed', person: me })
    expect(told).to.have.length(1)
  })

  it('no longer counts once it has ended', async () => {
    const person = randomUUID()
    await addEvidence(measured(person, 2))
    await addEvidence(measured(person, 4, { expiresAt: new Date(Date.now() + 3_600_000) }))
    expect(await levelOf(person)).to.equal(4)
    setClock(() => new Date(Date.now() + 3_700_000))
    try {
      await expireLevels.run({} as never)
    } finally {
      resetClock()
    }
    expect(await levelOf(person)).to.equal(2)
    expect((await LevelModel.findOne({ person }).lean())?.expiresAt).to.equal(undefined)
  })

  it('holds what a person says of themself, which raises no level', async () => {
    const path = `/people/${me}/competencies`
    const form = { id: randomUUID(), competency: 'managerial:systemic-thinking', level: 5 }
    expect((await learner.post(`${path}/self-ratings`, form)).status).to.equal(201)
    expect((await learner.post(`${path}/self-ratings`, form)).status).to.equal(200)
    expect((await manager.post(`${path}/self-ratings`, form)).status).to.equal(403)
    const { competencies } = (await learner.get(path)).json
    const line = competencies.find(
      (one: { competency: string }) => one.competency === form.competency,
    )
    expect(line).to.include({ level: 0, self: 5, gap: 2, rule: 'nothing-yet' })
  })

  it('holds what the line manager saw, with a reason, once', async () => {
    const path = `/people/${me}/competencies`
    const form = { id: randomUUID(), competency: 'managerial:systemic-thinking', level: 2 }
    const refused = await manager.post(`${path}/appraisals`, form)
    expect([refused.status, refused.json.errors[0].path]).to.deep.equal([422, 'reason'])
    const whole = { ...form, reason: 'Read the report and drew the right line.' }
    expect((await manager.post(`${path}/appraisals`, whole)).status).to.equal(201)
    expect((await manager.post(`${path}/appraisals`, whole)).status).to.equal(200)
    const { competencies } = (await learner.get(path)).json
    const line = competencies.find(
      (one: { competency: string }) => one.competency === form.competency,
    )
    expect(line).to.include({ level: 2, gap: 0, rule: 'latest-appraisal' })
    const ours = line.evidence.filter(({ kind }: { kind: string }) => kind === 'appraisal')
    expect(ours).to.have.length(1)
    expect(ours[0]).to.include({ reason: whole.reason, decided: true })
    expect(ours[0].by).to.be.a('string')
  })

  it('is given by nobody about themself, nor about people out of scope', async () => {
    const form = { competency, level: 5, reason: 'Excellent.' }
    const coordinator = await palier.as('coordinator@demo.palier')
    const { person } = (await coordinator.get('/me')).json
    const own = await coordinator.post(`/people/${person.id}/competencies/appraisals`, form)
    expect([own.status, own.json.code]).to.deep.equal([403, 'competencies:not-oneself'])
    const upward = await learner.post(`/people/${boss}/competencies/appraisals`, form)
    expect(upward.status).to.equal(404)
    const mine = await learner.post(`/people/${me}/competencies/appraisals`, form)
    expect(mine.status).to.equal(403)
  })

  it('names a competency in force and a level of its scale', async () => {
    const path = `/people/${me}/competencies/self-ratings`
    const { status, json } = await learner.post(path, { competency: 'managerial:none', level: 2 })
    expect([status, json.code]).to.deep.equal([422, 'competencies:no-such-competency'])
    expect((await learner.post(path, { competency, level: 6 })).status).to.equal(422)
  })
})
