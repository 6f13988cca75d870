import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { NotificationModel } from '../../../server/domain/notifications/models.js'
import { systemActor } from '../../../server/domain/people/access.js'
import { createPerson } from '../../../server/domain/people/people.js'
import type { Events } from '../../../server/kernel/contract.js'
import { announce, deliverDue, DeliveryModel } from '../../../server/platform/outbox.js'
import { JobRunModel } from '../../../server/platform/jobs.js'
import { sweepAll } from '../../../server/platform/owed.js'
import {
  emptyDatabase,
  startTestApp,
  withDemo,
  type Program,
  type TestApp,
} from '../../../test/support/app.js'
import { awardForCompletion, awardForLevel } from '../awards.js'
import { AwardModel } from '../models.js'

const texts = {
  titleEn: 'At the counter',
  titleFr: 'Au guichet',
  titleEs: 'En la ventanilla',
  descriptionEn: 'Serves.',
  descriptionFr: 'Sert.',
  descriptionEs: 'Atiende.',
  icon: 'star',
}

describe('badges', function () {
  this.timeout(180_000)
  let palier: TestApp
  let trainer: Program
  let manager: Program
  let me: string

  before(async () => {
    await startTestApp()
    await emptyDatabase()
    palier = await withDemo()
    trainer = await palier.as('trainer@demo.palier')
    manager = await palier.as('manager@demo.palier')
    me = (await manager.get('/me')).json.person.id
  })

  const make = async (criterion: object): Promise<string> => {
    const { status, json } = await trainer.post('/badges', { ...texts, ...criterion })
    expect(status).to.equal(201)
    return json.id as string
  }
  const mine = async (): Promise<string[]> =>
    (await manager.get(`/people/${me}/badges`)).json.badges.map(
      ({ badge }: { badge: string }) => badge,
    )
  const tell = async (event: string, payload: object, key: string): Promise<void> => {
    await announce(event as keyof Events, payload as never, { key, subject: me })
    await deliverDue()
  }
  const told = (badge: string): Promise<number> =>
    NotificationModel.countDocuments({ person: me, 'data.badge': badge }).exec()

  it('are there in the demo institution, with who earned them', async () => {
    const { badges } = (await manager.get('/badges')).json as { badges: { earnedAt: unknown }[] }
    expect(badges).to.have.length.above(5)
    expect(badges.some(({ earnedAt }) => earnedAt)).to.equal(true)
    expect(await mine()).to.include('demo-first-hundred-days')
  })

  it('are made once by those who may, however often the form is sent', async () => {
    const form = { ...texts, id: randomUUID(), kind: 'completion', course: 'counter' }
    expect((await manager.post('/badges', form)).status).to.equal(403)
    expect((await trainer.post('/badges', form)).status).to.equal(201)
    expect((await trainer.post('/badges', form)).status).to.equal(200)
    const refused = await trainer.post('/badges', { ...texts, kind: 'level' })
    const codes = refused.json.errors.map(({ code }: { code: string }) => code)
    expect([refused.status, ...codes]).to.deep.equal([
      422,
      'badges:no-competency',
      'badges:no-level',
    ])
  })

  it('are earned by completing their course, once, and told once by inbox and mail', async () => {
    const badge = await make({ kind: 'completion', course: 'earned-here' })
    const completed = {
      person: me,
      course: 'earned-here',
      enrolment: 'e',
      completion: 'c',
      cycle: 1,
    }
    await tell('learning:completed', completed, 'c:1')
    await awardForCompletion(completed)
    expect((await mine()).filter((id) => id === badge)).to.have.length(1)
    expect(await told(badge)).to.equal(1)
    const mails = await JobRunModel.countDocuments({
      job: 'platform:deliver-mail',
      'payload.key': { $regex: badge },
    })
    expect(mails).to.equal(1)
    expect(await DeliveryModel.countDocuments({})).to.equal(0)
  })

  it('are earned by some number of courses, each counted once', async () => {
    const { json } = await manager.get(`/people/${me}/badges`)
    const badge = await make({ kind: 'courses', count: 30 })
    for (let course = 0; course < 29; course += 1) {
      await awardForCompletion({ person: me, course: `many-${course % 20}` })
    }
    expect(await mine()).not.to.include(badge)
    for (let course = 20; course < 30; course += 1) {
      await awardForCompletion({ person: me, course: `many-${course}` })
    }
    expect(await mine()).to.include(badge)
    expect(json.person.id).to.equal(me)
  })

  it('are earned by reaching their level or a higher one, and kept when it falls', async () => {
    const competency = 'managerial:partnership-building'
    const [third, fifth] = await Promise.all([
      make({ kind: 'level', competency, level: 3 }),
      make({ kind: 'level', competency, level: 5 }),
    ])
    const changed = { person: me, competency, framework: 'managerial', from: 2, to: 4 }
    await tell('competencies:level-changed', changed, 'level:1')
    expect(await mine())
      .to.include(third)
      .and.not.to.include(fifth)
    await awardForLevel({ person: me, competency, to: 1 })
    expect(await mine()).to.include(third)
  })

  it('are told though a crash came between', async () => {
    const badge = await make({ kind: 'completion', course: 'crash' })
    await AwardModel.create({
      _id: `${me}:${badge}`,
      person: me,
      badge,
      at: new Date(0),
      revision: 1,
      owed: ['tell'],
    })
    expect(await told(badge)).to.equal(0)
    await sweepAll()
    await awardForCompletion({ person: me, course: 'crash' })
    expect(await told(badge)).to.equal(1)
  })

  it('go to nobody of another institution, nor to people who are gone', async () => {
    const badge = await make({ kind: 'completion', course: 'elsewhere' })
    const stranger = await createPerson(systemActor('test'), {
      givenName: 'From',
      familyName: 'Elsewhere',
      email: 'stranger@example.org',
      language: 'en',
    })
    await awardForCompletion({ person: stranger._id, course: 'elsewhere' })
    await awardForCompletion({ person: 'nobody', course: 'elsewhere' })
    expect(await AwardModel.countDocuments({ badge })).to.equal(0)
  })

  it('are awarded no more once they are ended, and kept by those who hold them', async () => {
    const badge = await make({ kind: 'completion', course: 'ending' })
    await awardForCompletion({ person: me, course: 'ending' })
    expect((await manager.post(`/badges/${badge}/retire`)).status).to.equal(403)
    expect((await trainer.post(`/badges/${badge}/retire`)).status).to.equal(204)
    const learner = await palier.as('learner@demo.palier')
    const other = (await learner.get('/me')).json.person.id as string
    await awardForCompletion({ person: other, course: 'ending' })
    expect(await AwardModel.countDocuments({ badge })).to.equal(1)
    expect(await mine()).to.include(badge)
  })

  it('are seen by whom their owner chose, and always by those responsible for them', async () => {
    const learner = await palier.as('learner@demo.palier')
    const path = `/people/${me}/badges`
    expect((await learner.get(path)).status).to.equal(404)
    await manager.post('/me/badges', { audience: 'colleagues' })
    expect((await learner.get(path)).json).to.include({ own: false, audience: 'colleagues' })
    await manager.post('/me/badges', { audience: 'scope' })
    expect((await learner.get(path)).status).to.equal(404)
    expect((await (await palier.as('coordinator@demo.palier')).get(path)).status).to.equal(200)
  })

  it('name on their page only people the reader may see', async () => {
    const { holders } = (await trainer.get('/badges/demo-changing-a-procedure')).json as {
      holders: { id: string }[]
    }
    const coordinator = await palier.as('coordinator@demo.palier')
    const seen = (await coordinator.get('/badges/demo-changing-a-procedure')).json.holders as {
      id: string
    }[]
    for (const { id } of seen) expect((await coordinator.get(`/people/${id}`)).status).to.equal(200)
    for (const { id } of holders) expect((await trainer.get(`/people/${id}`)).status).to.equal(200)
    expect(seen).not.to.deep.equal([])
  })

  it('change how they read, not what earns them', async () => {
    const badge = await make({ kind: 'completion', course: 'texts' })
    const changed = await trainer.patch(`/badges/${badge}`, { ...texts, titleEn: 'Behind it' })
    expect(changed.status).to.equal(204)
    const refused = await trainer.patch(`/badges/${badge}`, { ...texts, course: 'other' })
    expect(refused.status).to.equal(422)
    expect((await manager.get(`/badges/${badge}`)).json).to.deep.include({
      title: 'Behind it',
      criterion: { kind: 'completion', course: 'texts' },
    })
  })

  it('have pages', async () => {
    const page = { accept: 'text/html' }
    for (const [program, path] of [
      [manager, '/badges'],
      [manager, '/badges/demo-first-hundred-days'],
      [manager, `/people/${me}/badges`],
      [manager, `/people/${me}`],
      [trainer, '/badges/new'],
      [trainer, '/badges/demo-keeps-learning/edit'],
    ] as const) {
      const { status, text } = await program.get(path, page)
      expect(status, path).to.equal(200)
      expect(text, path).not.to.match(/badges:[a-z]+\.[a-z]/)
    }
  })
})
