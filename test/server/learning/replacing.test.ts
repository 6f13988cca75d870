import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { AttemptModel, type Attempt } from '../../../server/domain/learning/models.js'
import { supersedeAttempts } from '../../../server/domain/learning/superseding.js'
import { NotificationModel } from '../../../server/domain/notifications/models.js'
import { runDueJobs } from '../../../server/platform/jobs.js'
import { buildPackage } from '../../../plugins/scorm/test/support/packages.js'
import {
  importPackage,
  nextLearner,
  play,
  type Imported,
  type Playing,
} from '../../../plugins/scorm/test/support/playing.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import { needsPlugins } from '../../support/plugins.js'
import { eventually } from './support/taking.js'

describe('replacing a package while people are in the middle of it', function () {
  this.timeout(180_000)
  let palier: TestApp
  let trainer: Program
  let imported: Imported
  let middle: Player
  let done: Player

  before(async function () {
    needsPlugins(this, 'scorm')
    palier = await withDemo()
    trainer = await palier.as('trainer@demo.palier')
  })
  beforeEach(async () => {
    imported = await importPackage(palier, await buildPackage({ title: 'With a fault' }))
    middle = await begin()
    done = await begin()
    await say(middle, { lesson_location: '2' })
    await say(done, { lesson_status: 'completed' })
    await eventually(async () => (await progressOf(done)).status === 'completed')
    await eventually(async () => (await progressOf(middle)).status === 'in-progress')
  })

  const begin = async (): Promise<Player> => {
    const learner = await nextLearner(palier)
    const player = await play(palier, learner, imported)
    const launch = randomUUID()
    const { epoch } = (await player.open(launch)).json as { epoch: number }
    return {
      learner,
      player,
      launch,
      said: 0,
      epoch,
      person: (await learner.get('/me')).json.person.id,
    }
  }
  const say = (who: Player, core: object) => {
    who.said += 1
    const { launch, epoch, said } = who
    const place = { launch, epoch, seq: said, baseSeq: said - 1, launchSeq: said, final: false }
    return who.player.commit({ ...place, delta: { core } })
  }
  const progressOf = async ({ learner }: Player) =>
    (await learner.get(`/courses/${imported.course}/progress`)).json.activities[0]
  const attemptsOf = ({ person }: Player): Promise<Attempt[]> =>
    AttemptModel.find({ person, activity: imported.activity }).sort({ number: 1 }).lean<Attempt[]>()
  const replace = async (restart: string) => {
    const form = new FormData()
    form.set('restart', restart)
    const archive = await buildPackage({ title: 'Without' })
    form.set('package', new Blob([new Uint8Array(archive)]), 'package.zip')
    return trainer.send('POST', `/activities/${imported.activity}/package`, form, {
      accept: 'application/json',
    })
  }

  it('says before how many they are', async () => {
    const { json, text } = await trainer.get(`/activities/${imported.activity}`)
    expect(json.inTheMiddle, text).to.equal(1)
    const page = await trainer.get(`/activities/${imported.activity}`, { accept: 'text/html' })
    expect(page.text).to.include('One person is in the middle').and.to.include('name="restart"')
  })

  it('lets them finish what they began, where new attempts alone use the new one', async () => {
    expect((await replace('new-attempts')).status).to.equal(200)
    expect((await say(middle, { lesson_location: '3' })).status).to.equal(200)
    const [attempt, ...more] = await attemptsOf(middle)
    expect(more).to.deep.equal([])
    expect(attempt?.status).to.equal('open')
  })

  it('has everyone begin anew: told once, nothing of theirs thrown away, and who is done stays done', async () => {
    const answer = await replace('everyone')
    expect(answer.status).to.equal(200)
    await runDueJobs()
    expect((await progressOf(middle)).status).to.equal('not-started')
    await supersedeAttempts(imported.course)
    const told = { person: middle.person, kind: 'learning:restarted' } as const
    expect(await NotificationModel.countDocuments(told)).to.equal(1)
    expect((await progressOf(done)).status).to.equal('completed')
    expect(await NotificationModel.countDocuments({ ...told, person: done.person })).to.equal(0)

    const late = await say(middle, { lesson_location: '3' })
    expect([late.status, late.json.reason, late.json.kept]).to.deep.equal([409, 'ended', true])
    await play(palier, middle.learner, imported)
    const [before, now] = await attemptsOf(middle)
    expect(before?.status).to.equal('superseded')
    expect(before?.progress?.completion).to.equal('incomplete')
    expect(now).to.include({ number: 2, status: 'open', version: answer.json.activity.version })
  })

  it('asks for one of the two, and changes nothing otherwise', async () => {
    const { status, json } = await replace('nobody')
    expect([status, json.errors[0].path]).to.deep.equal([422, 'restart'])
    expect((await trainer.get(`/activities/${imported.activity}`)).json.versions).to.have.length(1)
  })
})

interface Player {
  readonly learner: Program
  readonly player: Playing
  readonly launch: string
  readonly epoch: number
  readonly person: string
  said: number
}
