import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { attemptFor } from '../../../server/domain/learning/attempts.js'
import { resetClock, setClock } from '../../../server/platform/clock.js'
import { settle } from '../../../server/platform/owed.js'
import { withDemo, type Program, type TestApp } from '../../../test/support/app.js'
import { KeptStateModel, RuntimeModel } from '../models.js'
import { parse } from '../runtime/elements.js'
import type { Runtime } from '../runtime/runtime.js'
import { closeSilentLaunches } from '../silence.js'
import { buildPackage } from './support/packages.js'
import { importPackage, nextLearner, play, type Imported, type Playing } from './support/playing.js'

describe('saving what a course says, on the real store', function () {
  this.timeout(180_000)
  let palier: TestApp
  let learner: Program
  let imported: Imported

  before(async () => {
    palier = await withDemo()
    imported = await importPackage(palier, await buildPackage({ masteryScore: 70 }))
  })

  beforeEach(async () => {
    learner = await nextLearner(palier)
  })

  afterEach(() => resetClock())

  /** A launch that has opened, with what its commits have in common. */
  async function opened(player?: Playing) {
    const one = player ?? (await play(palier, learner, imported))
    const launch = randomUUID()
    const { json } = await one.open(launch)
    const common = { launch, epoch: json.epoch as number }
    return { player: one, common, seed: json }
  }

  const at = (location: string) => ({ delta: { core: { lesson_location: location } } })
  const runtimeOf = ({ attempt }: Playing) =>
    RuntimeModel.findById(attempt).lean<Runtime>().orFail()
  const locationOf = async (player: Playing) =>
    parse((await runtimeOf(player)).scos[0]?.cmi).get('core.lesson_location')

  it('acknowledges a commit once it is stored, and seeds the next launch with it', async () => {
    const { player, common, seed } = await opened()
    expect(seed).to.deep.include({ epoch: 1, standard: '1.2', mode: 'normal', savedAt: null })
    expect(seed.items[0].cmi.core).to.include({
      entry: 'ab-initio',
      lesson_status: 'not attempted',
    })

    const answer = await player.commit({ ...common, seq: 1, ...at('p3') })
    expect(answer.status).to.equal(200)
    expect(answer.json).to.include({ result: 'true', storedSeq: 1 })
    expect(answer.json.savedAt).to.match(/Z$/)

    const next = (await player.open()).json
    expect(next.epoch).to.equal(2)
    expect(next.items[0].cmi.core).to.include({ entry: 'resume', lesson_location: 'p3' })
  })

  it('says how often its learner has come back to one page', async () => {
    const player = await play(palier, learner, imported)
    for (let visit = 1; visit <= 3; visit += 1) {
      const { common } = await opened(player)
      await player.commit({ ...common, seq: 1, ...at('p4') })
    }
    await settle(RuntimeModel, player.attempt)
    const { progress } = await attemptFor(player.attempt)
    expect(progress?.bookmark).to.deep.equal({ place: '0 p4', visit: 3, since: 1 })
  })

  it('gives the same launch the same epoch, however often and however many at once ask', async () => {
    const player = await play(palier, learner, imported)
    const launch = randomUUID()
    const answers = await Promise.all(Array.from({ length: 8 }, () => player.open(launch)))
    expect(answers.map(({ json }) => json.epoch)).to.deep.equal(Array(8).fill(1))
  })

  it('answers a known commit with its first answer, whatever the epoch', async () => {
    const { player, common } = await opened()
    const commit = { ...common, seq: 1, commitId: randomUUID(), ...at('p1') }
    const first = await player.commit(commit)
    await player.open()
    const again = await player.commit(commit)
    expect([again.status, again.json.savedAt]).to.deep.equal([200, first.json.savedAt])
    expect((await runtimeOf(player)).launches[0]?.applied).to.equal(1)
  })

  it('refuses another body under a known id', async () => {
    const { player, common } = await opened()
    const commit = { ...common, seq: 1, commitId: randomUUID() }
    await player.commit({ ...commit, ...at('p1') })
    const other = await player.commit({ ...commit, ...at('p9') })
    expect([other.status, other.json.code]).to.deep.equal([409, 'scorm:commit-conflict'])
    expect(await locationOf(player)).to.equal('p1')
  })

  it('says superseded to what was overtaken, and changes nothing', async () => {
    const { player, common } = await opened()
    await player.commit({ ...common, seq: 5, ...at('p5') })
    const late = await player.commit({ ...common, seq: 3, ...at('p3') })
    expect([late.status, late.json.superseded, late.json.storedSeq]).to.deep.equal([200, true, 5])
    expect(await locationOf(player)).to.equal('p5')
  })

  it('asks a browser that is ahead of a restored server to open again', async () => {
    const { player, common } = await opened()
    const ahead = await player.commit({ ...common, epoch: 9, seq: 1, ...at('p1') })
    expect([ahead.status, ahead.json.reason]).to.deep.equal([409, 'reopen'])
  })

  it('asks for everything where it lacks what the browser believes stored', async () => {
    const { player, common } = await opened()
    const gap = await player.commit({ ...common, seq: 9, baseSeq: 8, ...at('p9') })
    expect([gap.status, gap.json.reason, gap.json.storedSeq]).to.deep.equal([409, 'resend', 0])
    const whole = await player.commit({ ...common, seq: 10, baseSeq: 0, ...at('p9') })
    expect(whole.status).to.equal(200)
  })

  it('keeps what an older launch sends, tells it so, and offers it to its learner alone', async () => {
    const first = await opened()
    await first.player.commit({ ...first.common, seq: 1, ...at('p1') })
    const second = await opened(first.player)
    await second.player.commit({ ...second.common, seq: 1, ...at('q7') })

    const late = await first.player.commit({
      ...first.common,
      seq: 2,
      baseSeq: 1,
      delta: { suspend_data: 'late' },
    })
    expect(late.status).to.equal(409)
    expect(late.json).to.include({ reason: 'opened-elsewhere', kept: true })
    expect(await locationOf(first.player)).to.equal('q7')

    const path = `/scorm/attempts/${encodeURIComponent(first.player.attempt)}/late`
    const { items } = (await learner.get(path)).json
    expect(items).to.have.length(1)
    const other = await palier.as('manager@demo.palier')
    expect((await other.get(path)).status).to.equal(404)
    expect(
      (await other.post(`/scorm/late/${encodeURIComponent(items[0].id)}/take-over`)).status,
    ).to.equal(404)
  })

  it('puts late work in place at its learner’s word, and keeps what it replaced', async () => {
    const first = await opened()
    await first.player.commit({ ...first.common, seq: 1, ...at('p1') })
    const second = await opened(first.player)
    await second.player.commit({ ...second.common, seq: 1, ...at('q7') })
    await first.player.commit({ ...first.common, seq: 2, baseSeq: 1, ...at('p8') })
    const [late] = await KeptStateModel.find({ attempt: first.player.attempt, kind: 'late' }).lean()
    const path = `/scorm/late/${encodeURIComponent(late?._id ?? '')}/take-over`
    const taken = await learner.send('POST', path, '', {
      accept: 'text/html',
      'content-type': 'application/x-www-form-urlencoded',
    })
    expect([taken.status, taken.headers.get('location')]).to.deep.equal([
      303,
      `/learn/${imported.activity}`,
    ])
    await learner.post(path)

    expect(await locationOf(first.player)).to.equal('p8')
    expect((await runtimeOf(first.player)).epoch).to.equal(3)
    const kept = () =>
      KeptStateModel.find({ attempt: first.player.attempt, kind: 'closing' })
        .sort({ epoch: 1 })
        .lean()
    let closings = await kept()
    for (let tries = 0; tries < 100 && closings.length < 2; tries += 1) {
      await settle(RuntimeModel as never, first.player.attempt)
      closings = await kept()
    }
    expect(
      closings.map(({ scos }) => parse(scos[0]?.cmi).get('core.lesson_location')),
    ).to.deep.equal(['p1', 'q7'])
    const outdone = await second.player.commit({
      ...second.common,
      seq: 2,
      baseSeq: 1,
      ...at('q8'),
    })
    expect(outdone.json).to.include({ reason: 'opened-elsewhere', kept: true })
  })

  it('leaves late work aside at its learner’s word, and has it still', async () => {
    const first = await opened()
    const second = await opened(first.player)
    await first.player.commit({ ...first.common, seq: 1, ...at('p1') })
    const [late] = await KeptStateModel.find({
      attempt: second.player.attempt,
      kind: 'late',
    }).lean()
    await learner.post(`/scorm/late/${encodeURIComponent(late?._id ?? '')}/discard`)
    expect(await KeptStateModel.findById(late?._id).lean()).to.include({ status: 'discarded' })
    const { items } = (
      await learner.get(`/scorm/attempts/${encodeURIComponent(first.player.attempt)}/late`)
    ).json
    expect(items).to.deep.equal([])
  })

  it('applies each of many commits that arrive at once exactly once', async () => {
    const { player, common } = await opened()
    const commits = Array.from({ length: 12 }, (_, n) => ({
      ...common,
      seq: n + 1,
      commitId: randomUUID(),
      ...at(`p${n + 1}`),
    }))
    const answers = await Promise.all([...commits, ...commits].map((one) => player.commit(one)))
    expect(answers.map(({ status }) => status)).to.deep.equal(Array(24).fill(200))
    expect(await locationOf(player)).to.equal('p12')
    const { launches } = await runtimeOf(player)
    expect(new Set(launches[0]?.commits.map(({ commitId }) => commitId)).size).to.equal(
      launches[0]?.applied,
    )
  })

  it('takes a heartbeat without an entry in the history, and without owing anything', async () => {
    const { player, common } = await opened()
    const { revision } = await runtimeOf(player)
    expect((await player.commit({ ...common, seq: 1, delta: {} })).status).to.equal(200)
    const after = await runtimeOf(player)
    expect(after.launches[0]?.commits).to.deep.equal([])
    expect(after.owed).to.equal(undefined)
    expect(after.revision).to.equal(revision + 1)
  })

  it('closes a silent launch as suspended, and opens it again with its next commit', async () => {
    const { player, common } = await opened()
    await player.commit({ ...common, seq: 1, ...at('p1') })
    const later = Date.now() + 200_000
    setClock(() => new Date(later))
    await closeSilentLaunches.run(undefined)
    expect((await runtimeOf(player)).live).to.equal(undefined)
    expect((await runtimeOf(player)).launches[0]?.closedAt).to.be.an.instanceOf(Date)
    resetClock()
    expect((await player.commit({ ...common, seq: 2, baseSeq: 1, ...at('p2') })).status).to.equal(
      200,
    )
    expect((await runtimeOf(player)).live).to.equal(true)
  })

  it('counts no more time than has passed, and adds the launches up', async () => {
    const start = Date.now()
    setClock(() => new Date(start))
    const first = await opened()
    setClock(() => new Date(start + 60_000))
    const hour = { delta: { core: { session_time: '01:00:00' } } }
    await first.player.commit({ ...first.common, seq: 1, ...hour })
    await first.player.commit({ ...first.common, seq: 2, baseSeq: 1, ...hour })
    const second = await opened(first.player)
    setClock(() => new Date(start + 90_000))
    await second.player.commit({
      ...second.common,
      seq: 1,
      delta: { core: { session_time: '00:00:20' } },
    })
    const { items } = (await first.player.open()).json
    expect(items[0].cmi.core.total_time).to.equal('0000:01:20.00')
  })

  it('judges by the manifest’s mastery score, tells the course, and never takes it back', async () => {
    const { player, common } = await opened()
    const done = { core: { lesson_status: 'completed', score: { raw: '85' } } }
    const answer = await player.commit({ ...common, seq: 1, final: true, delta: done })
    expect(answer.json).to.include({ completion: 'completed', success: 'passed' })
    const again = await player.commit({
      ...common,
      seq: 2,
      baseSeq: 1,
      delta: { core: { lesson_status: 'incomplete' } },
    })
    expect(again.json.ignored).to.deep.equal(['core.lesson_status'])
    await settle(RuntimeModel as never, player.attempt)
    const { progress } = await attemptFor(player.attempt)
    expect(progress).to.deep.include({
      completion: 'completed',
      success: 'passed',
      assurance: 'declared',
    })
    expect(progress?.score).to.deep.equal({ raw: 85, scaled: 0.85 })
  })

  it('names each fault of a malformed commit, and stores nothing of it', async () => {
    const { player, common } = await opened()
    const delta = { core: { lesson_status: 'finished', lesson_location: 'p1' }, unknown_thing: 'x' }
    const refused = await player.commit({ ...common, seq: 1, delta })
    expect([refused.status, refused.json.code]).to.deep.equal([422, 'scorm:commit-invalid'])
    const paths = refused.json.errors.map(({ path }: { path: string }) => path)
    expect(paths).to.have.members(['core.lesson_status', 'unknown_thing'])
    expect(await locationOf(player)).to.equal(undefined)
  })
})
