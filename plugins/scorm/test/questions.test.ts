import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import {
  AnswerSheetModel,
  QuestionModel,
  type AnswerSheet,
} from '../../../server/domain/learning/questions/models.js'
import { nativeDatabase } from '../../../server/platform/database.js'
import { settle, sweepAll } from '../../../server/platform/owed.js'
import { eventually } from '../../../test/server/learning/support/taking.js'
import { withDemo, type Program, type TestApp } from '../../../test/support/app.js'
import { up } from '../migrations/2026-11-27-answers-of-earlier-attempts.js'
import { RuntimeModel } from '../models.js'
import { buildPackage } from './support/packages.js'
import { importPackage, nextLearner, play, type Imported, type Playing } from './support/playing.js'

/** What somebody answers to the questions `q1`, `q2`, …, all of which are right with `a`. */
type Given = readonly string[]

describe('results question by question', function () {
  this.timeout(180_000)
  let palier: TestApp
  let trainer: Program
  let imported: Imported

  before(async () => {
    palier = await withDemo()
    trainer = await palier.as('trainer@demo.palier')
  })
  beforeEach(async () => {
    imported = await importPackage(palier, await buildPackage({ standard: '2004' }))
  })

  const page = (): string => `/activities/${imported.activity}/questions`
  const interactions = (given: Given) =>
    given.map((response, at) => ({
      id: `q${at + 1}`,
      type: 'choice',
      correct_responses: [{ pattern: 'a' }],
      learner_response: response,
      result: response === 'a' ? 'correct' : 'incorrect',
      latency: `PT${10 + at}S`,
      description: `Question ${at + 1}?`,
    }))
  async function answer(learner: Program, given: Given): Promise<Playing> {
    const player = await play(palier, learner, imported)
    const launch = randomUUID()
    const { epoch } = (await player.open(launch)).json as { epoch: number }
    const place = { launch, epoch, seq: 1, launchSeq: 1, final: false }
    const said = await player.commit({ ...place, delta: { interactions: interactions(given) } })
    expect(said.status, said.text).to.equal(200)
    return player
  }
  const idOf = async (learner: Program): Promise<string> =>
    ((await learner.get('/me')).json as { person: { id: string } }).person.id
  const sheetsOf = async (learner: Program): Promise<AnswerSheet[]> =>
    AnswerSheetModel.find({ person: await idOf(learner) }).lean<AnswerSheet[]>()
  const counted = (people: number, path = page()): Promise<void> =>
    eventually(async () => (await trainer.get(path)).json.people === people, { what: path })

  it('are counted from what learners answer, with a reading for their author', async () => {
    const all: Given[] = [
      ['a', 'a', 'a', 'a', 'b'],
      ['a', 'a', 'a', 'a', 'b'],
      ['a', 'a', 'a', 'b', 'b'],
      ['a', 'b', 'b', 'b', 'a'],
      ['a', 'b', 'b', 'b', 'a'],
    ]
    for (const given of all.slice(0, 4)) await answer(await nextLearner(palier), given)
    await counted(4)
    const few = (await trainer.get(page())).json
    expect(few.items[1]).to.include({ discrimination: null, reading: 'few' })
    await answer(await nextLearner(palier), all[4] ?? [])
    await counted(5)
    const { items, total, version, course } = (await trainer.get(page())).json
    expect([total, version, course.id]).to.deep.equal([5, 1, imported.course])
    const read = (items as { reading: string; right: number }[]).map(({ reading, right }) => [
      reading,
      right,
    ])
    expect(read).to.deep.equal([
      ['easy', 1],
      ['well', 0.6],
      ['well', 0.6],
      ['well', 0.4],
      ['inverted', 0.4],
    ])
    expect(items[1]).to.deep.include({ text: 'Question 2?', seconds: 11, rightAnswers: ['a'] })
    expect(items[1].given).to.deep.equal([
      { text: 'a', count: 3, share: 0.6, isRight: true },
      { text: 'b', count: 2, share: 0.4, isRight: false },
    ])
    const worst = (await trainer.get(`${page()}?sort=discrimination`)).json.items
    const places = (worst as { place: number }[]).map(({ place }) => place)
    expect([places[0], places.at(-1)]).to.deep.equal([5, 1])
  })

  it('are a page and a file for those alone who may write the course', async () => {
    await answer(await nextLearner(palier), ['a', 'b'])
    await counted(1)
    const html = await trainer.get(page(), { accept: 'text/html' })
    expect(html.status).to.equal(200)
    expect(html.text).to.include('Question 2?').and.to.include('too few answers')
    const csv = await trainer.get(`${page()}?format=csv`)
    expect(csv.text).to.match(/Question 1\?.*Choice.*a: 1/)
    expect((await trainer.get(`${page()}?format=xlsx`)).status).to.equal(200)
    for (const name of ['learner', 'manager', 'coordinator', 'siobhan.keane']) {
      const refused = await (await palier.as(`${name}@demo.palier`)).get(page())
      expect(refused.status, name).to.equal(403)
    }
    expect((await palier.anonymous.get(page())).status).to.equal(401)
  })

  it('count the first attempt once, however often it is told, and no second one', async () => {
    const learner = await nextLearner(palier)
    const player = await answer(learner, ['b', 'a'])
    await counted(1)
    for (let again = 0; again < 3; again += 1) {
      await RuntimeModel.updateOne({ _id: player.attempt }, { $set: { owed: ['answers'] } })
      await settle(RuntimeModel as never, player.attempt)
    }
    const enrolment = `${await idOf(learner)}|${imported.course}`
    const another = await trainer.post(`/enrolments/${encodeURIComponent(enrolment)}/attempts`, {
      activity: imported.activity,
      number: 1,
      reason: 'Once more',
    })
    expect(another.status, another.text).to.be.below(300)
    const second = await answer(learner, ['a', 'a', 'a'])
    expect(second.attempt).not.to.equal(player.attempt)
    await settle(RuntimeModel as never, second.attempt)

    const [sheet, ...more] = await sheetsOf(learner)
    expect([sheet?.attempt, more.length]).to.deep.equal([player.attempt, 0])
    const { people, items } = (await trainer.get(page())).json
    expect([people, items.length, items[0].answers, items[0].right]).to.deep.equal([1, 2, 1, 0])
  })

  it('are kept apart for two versions of a package', async () => {
    const learner = await nextLearner(palier)
    await answer(learner, ['b'])
    await counted(1)
    const form = new FormData()
    form.set('restart', 'everyone')
    const archive = await buildPackage({ standard: '2004', title: 'Mended' })
    form.set('package', new Blob([new Uint8Array(archive)]), 'package.zip')
    const replaced = await trainer.send('POST', `/activities/${imported.activity}/package`, form, {
      accept: 'application/json',
    })
    expect(replaced.status, replaced.text).to.be.below(400)
    await answer(await nextLearner(palier), ['a', 'a'])
    await counted(1)
    const now = (await trainer.get(page())).json
    expect([now.version, now.items.length, now.items[0].right]).to.deep.equal([2, 2, 1])
    const before = (await trainer.get(`${page()}?version=1`)).json
    expect([before.people, before.items.length, before.items[0].right]).to.deep.equal([1, 1, 0])
    expect(before.versions).to.deep.equal([
      { number: 2, current: true },
      { number: 1, current: false },
    ])
    expect((await trainer.get(`${page()}?version=3`)).status).to.equal(404)
  })

  it('are complete after a crash between any two of their writes', async () => {
    const learner = await nextLearner(palier)
    const player = await answer(learner, ['a'])
    await counted(1)
    const [sheet] = await sheetsOf(learner)
    const owe = () =>
      RuntimeModel.updateOne({ _id: player.attempt }, { $set: { owed: ['answers'] } })

    // Described, and the sheet not written.
    await AnswerSheetModel.deleteOne({ _id: sheet?._id ?? '' })
    await owe()
    await sweepAll()
    await counted(1)
    // Written, and the tally not told: it was worked out when there was nothing.
    const key = { _id: `learning:questions|${sheet?.version}` }
    const nothing = { 'value.people': 0, 'value.questions': [] }
    await nativeDatabase()
      .collection('platform_tallies')
      .updateOne(key as never, { $set: nothing })
    expect((await trainer.get(page())).json.people).to.equal(0)
    await owe()
    await sweepAll()
    await counted(1)
    expect(await QuestionModel.countDocuments({ version: sheet?.version ?? '' })).to.equal(1)
  })

  it('know what was answered before there were any', async () => {
    const learner = await nextLearner(palier)
    await answer(learner, ['a', 'b'])
    await counted(1)
    const [{ version = '' } = {}] = await sheetsOf(learner)
    await AnswerSheetModel.deleteMany({ version })
    await up(nativeDatabase())
    await sweepAll()
    await counted(1)
    expect((await sheetsOf(learner))[0]?.answers).to.have.length(2)
  })

  it('say that there are none where a package reports none, or a step is no package', async () => {
    const empty = await trainer.get(page(), { accept: 'text/html' })
    expect([empty.status, empty.text.includes('No answers yet')]).to.deep.equal([200, true])
    const text = await trainer.post(`/courses/${imported.course}/activities`, {
      kind: 'page',
      title: 'To read',
      text: 'Read.',
    })
    const none = await trainer.get(`/activities/${text.json.activity.id}/questions`)
    expect([none.json.total, none.json.version]).to.deep.equal([0, null])
  })
})
