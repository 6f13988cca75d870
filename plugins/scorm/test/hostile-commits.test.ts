import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { AuditModel } from '../../../server/domain/people/audit-models.js'
import { withDemo, type TestApp } from '../../../test/support/app.js'
import { needsFixture } from '../../../test/support/fixtures.js'
import { RuntimeModel } from '../models.js'
import { parse } from '../runtime/elements.js'
import type { Runtime } from '../runtime/runtime.js'
import { buildPackage } from './support/packages.js'
import { importPackage, nextLearner, play, type Imported, type Playing } from './support/playing.js'

/** What each body is answered: the status, the code, and what its errors name. */
const refusals: Readonly<Record<string, readonly [number, string, string?]>> = {
  'j03-wrong-types.json': [422, 'scorm:commit-invalid', 'core.lesson_status'],
  'j04-dollar-operators.json': [422, 'scorm:commit-invalid'],
  'j05-proto.json': [422, 'scorm:commit-invalid'],
  'j07-suspend-5mb.json': [413, 'core:too-large'],
  'j08-nan.json': [400, 'core:unreadable'],
  'j09-score-range.json': [422, 'scorm:commit-invalid', 'core.score.raw'],
  'j10-bad-status.json': [422, 'scorm:commit-invalid', 'core.lesson_status'],
  'j12-attempt-object.json': [422, 'scorm:commit-invalid', 'attempt'],
  'j18-deep.json': [422, 'scorm:commit-invalid'],
  'j19-array-body.json': [422, 'scorm:commit-invalid'],
  'j20-empty.json': [422, 'scorm:commit-invalid'],
  'j21-truncated.json': [400, 'core:unreadable'],
  'j22-flattened-sparse.json': [422, 'scorm:commit-invalid'],
  'j23-many-interactions.json': [422, 'scorm:commit-invalid'],
}

describe('commits made to hurt', function () {
  this.timeout(180_000)
  let palier: TestApp
  let imported: Imported

  before(async function () {
    needsFixture(this, 'hostile/commit')
    palier = await withDemo()
    imported = await importPackage(palier, await buildPackage())
  })

  interface Launched {
    readonly player: Playing
    readonly common: { launch: string; epoch: number; token: string }
  }

  async function launched(package_ = imported): Promise<Launched> {
    const player = await play(palier, await nextLearner(palier), package_)
    const launch = randomUUID()
    const { json } = await player.open(launch)
    return { player, common: { launch, epoch: json.epoch as number, token: player.token } }
  }

  const bytesOf = (name: string) => readFileSync(join(fixtures(), name))
  const fixtures = () => join(process.env.PALIER_FIXTURES ?? '../shared/fixtures', 'hostile/commit')
  const runtimeOf = ({ attempt }: Playing) =>
    RuntimeModel.findById(attempt).lean<Runtime>().orFail()

  /** The fixtures' neutral names in ours, as text: values and types stay untouched, and so does what is no object. */
  function mapped(name: string, { player, common }: Launched): string {
    const text = bytesOf(name).toString('utf8').trim()
    if (!text.startsWith('{')) return text
    const envelope = { commitId: randomUUID(), sco: 0, baseSeq: 0, ...common }
    return `${JSON.stringify(envelope).slice(0, -1)},${text.slice(1)}`
      .replace('"attemptId"', '"attempt"')
      .replace('"commitSequence"', '"seq"')
      .replace('"cmi"', '"delta"')
      .replace(/\{\{OWN_ATTEMPT\w*\}\}/, player.attempt)
  }

  for (const [name, [status, code, path]] of Object.entries(refusals)) {
    it(`answers ${name} with ${status} ${code}, and stores nothing of it`, async () => {
      const launch = await launched()
      const before = await runtimeOf(launch.player)
      const began = performance.now()
      const answer = await launch.player.send('/rt/commit', mapped(name, launch))
      expect(performance.now() - began).to.be.below(3000)
      expect([answer.status, answer.json.code]).to.deep.equal([status, code])
      if (path) expect(JSON.stringify(answer.json.errors)).to.include(path)
      expect(answer.text).not.to.match(/\bat .+\.(ts|js):\d+/)
      expect(await runtimeOf(launch.player)).to.deep.equal(before)
      expect(({} as { polluted?: unknown }).polluted).to.equal(undefined)
    })
  }

  it('stops at the limit of a compressed body, before it is unpacked', async () => {
    const { player } = await launched()
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      'content-encoding': 'gzip',
    }
    const answer = await player.send('/rt/commit', bytesOf('j24-gzip-bomb.json.gz'), headers)
    expect([answer.status, answer.json.code]).to.deep.equal([413, 'core:too-large'])
  })

  it('takes the good ones of both standards', async () => {
    const first = await launched()
    expect(
      (await first.player.send('/rt/commit', mapped('j01-good-12.json', first))).status,
    ).to.equal(200)
    const second = await launched(
      await importPackage(palier, await buildPackage({ standard: '2004' })),
    )
    expect(
      (await second.player.send('/rt/commit', mapped('j02-good-2004.json', second))).status,
    ).to.equal(200)
  })

  it('stores suspend data of 4097 characters whole', async () => {
    const launch = await launched()
    expect(
      (await launch.player.send('/rt/commit', mapped('j06-suspend-12-over-limit.json', launch)))
        .status,
    ).to.equal(200)
    const { scos } = await runtimeOf(launch.player)
    expect(parse(scos[0]?.cmi).get('suspend_data')).to.have.length(4097)
  })

  it('answers another’s attempt as it does an unknown one, changes nothing of it, and notes it', async () => {
    const victim = await launched()
    const before = await runtimeOf(victim.player)
    const launch = await launched()
    const text = mapped('j11-foreign-attempt.json', launch)
    const ask = (attempt: string) =>
      launch.player.send('/rt/commit', text.replace('{{FOREIGN_ATTEMPT}}', attempt))
    const [foreign, unknown] = [await ask(victim.player.attempt), await ask('nobody-knows')]
    const said = ({ json }: typeof foreign) => ({ ...json, requestId: '' }) as object
    expect([foreign.status, said(foreign)]).to.deep.equal([404, said(unknown)])
    expect(await runtimeOf(victim.player)).to.deep.equal(before)
    const lines = await AuditModel.find({
      action: 'scorm:foreign-attempt',
      object: victim.player.attempt,
    }).lean()
    expect(lines).to.have.length(1)
  })

  it('lets what was overtaken be, and a repetition count once', async () => {
    const launch = await launched()
    const send = (name: string) => launch.player.send('/rt/commit', mapped(name, launch))
    expect((await send('j13a-sequence-5.json')).status).to.equal(200)
    expect((await send('j13b-sequence-3-late.json')).json.superseded).to.equal(true)
    expect((await send('j14a-duplicate.json')).status).to.equal(200)
    const once = await runtimeOf(launch.player)
    expect((await send('j14a-duplicate.json')).status).to.equal(200)
    expect(await runtimeOf(launch.player)).to.deep.equal(once)
    const other = await send('j14b-duplicate-other-body.json')
    expect([other.status, other.json.code]).to.deep.equal([409, 'scorm:commit-conflict'])
    expect((await runtimeOf(launch.player)).scos).to.deep.equal(once.scos)
    const lines = await AuditModel.find({
      action: 'scorm:commit-conflict',
      object: launch.player.attempt,
    }).lean()
    expect(lines).to.have.length(1)
  })

  it('leaves read-only elements aside, and says which', async () => {
    const launch = await launched()
    const answer = await launch.player.send('/rt/commit', mapped('j16-read-only.json', launch))
    expect(answer.json.ignored).to.include.members(['core.student_id', 'core.total_time'])
    const { items } = (await launch.player.open()).json
    expect(items[0].cmi.core.student_id).not.to.equal('someone-else')
    expect(items[0].cmi.core.total_time).not.to.match(/^9999/)
  })

  it('stores scripts and formulas as the text they are, and a forged pass as declared', async () => {
    const launch = await launched()
    expect(
      (await launch.player.send('/rt/commit', mapped('j17-script-in-data.json', launch))).status,
    ).to.equal(200)
    const forged = await launched()
    const answer = await forged.player.send(
      '/rt/commit',
      mapped('j15-forged-completion.json', forged),
    )
    expect([answer.status, answer.json.success]).to.deep.equal([200, 'passed'])
  })
})
