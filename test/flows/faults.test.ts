import { expect } from 'chai'
import { mkdtempSync, rmSync } from 'node:fs'
import { MongoError } from 'mongodb'
import { tmpdir } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { join } from 'node:path'
import { AwardModel } from '../../plugins/badges/models.js'
import { CompletionModel } from '../../server/domain/learning/models.js'
import { EvidenceModel, LevelModel } from '../../server/domain/competencies/models.js'
import { NotificationModel } from '../../server/domain/notifications/models.js'
import { now, resetClock, setClock } from '../../server/platform/clock.js'
import { runDueJobs } from '../../server/platform/jobs.js'
import { deliverDue } from '../../server/platform/outbox.js'
import { sweepAll } from '../../server/platform/owed.js'
import { startStore, type RunningStoreProcess } from '../../server/store/launcher.js'
import { withDemo, stopTestApp, type TestApp } from '../support/app.js'
import {
  openFaultyConnection,
  type Fault,
  type FaultyConnection,
} from '../support/faulty-connection.js'
import { openMailbox, type Mailbox } from '../support/mailbox.js'
import { needsPlugins } from '../support/plugins.js'
import { readDemo } from '../../content/demo/demo.js'
import { courseWithPackage, Learner, type PackageCourse } from './support/learner.js'

/** What this flow writes to; other work of the process, and who takes which work, go on undisturbed. */
const flow = /^(scorm|learning|competencies|badges|notifications|platform_deliveries|people_people)/
const isStep = (command: string, collection: string): boolean =>
  flow.test(collection) && (command !== 'findAndModify' || collection === 'badges_tallies')
/** One for each course: who has completed one still has the other before them. */
const competencies = ['digital:information', 'digital:collaboration'] as const

describe('from a commit to a badge', function () {
  this.timeout(600_000)
  let palier: TestApp
  let store: RunningStoreProcess
  let faulty: FaultyConnection
  let mailbox: Mailbox
  let folder = ''
  let courses: PackageCourse[]
  const people = readDemo().people.filter(({ status }) => status === 'active')

  before(async function () {
    needsPlugins(this, 'scorm', 'badges')
    await stopTestApp()
    folder = mkdtempSync(join(tmpdir(), 'palier-faults-'))
    store = await startStore({ dataDir: folder })
    faulty = await openFaultyConnection(store.socketPath, isStep)
    mailbox = await openMailbox()
    palier = await withDemo({ mongodbUri: faulty.uri, smtpUrl: mailbox.smtpUrl })
    courses = []
    for (const competency of competencies)
      courses.push(await courseWithPackage(palier, { competency, level: 3 }))
  })
  after(async () => {
    resetClock()
    await stopTestApp()
    await faulty?.close()
    await store?.stop()
    await mailbox?.close()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  it('each thing happens exactly once, whichever write is the last to be stored', async () => {
    const [rehearsal, ...runs] = courses.flatMap((course) =>
      people.map((person) => ({ course, person })),
    )
    const writes = rehearsal ? await writesOf(rehearsal) : []
    expect(writes, 'the steps of the flow').to.include.members([
      'insert learning_completions',
      'insert competencies_evidence',
      'insert platform_deliveries',
      'insert badges_awards',
      'insert notifications_notifications',
    ])
    const faults: Fault[] = [
      { write: 0, moment: 'before' },
      ...writes.map((_, write): Fault => ({ write, moment: 'after' })),
    ]
    expect(runs, 'people and courses enough').to.have.length.of.at.least(faults.length)
    for (const [at, fault] of faults.entries()) {
      const { course, person } = runs[at] as Run
      const learner = await Learner.open(palier, person.email, course)
      faulty.plant(fault)
      await learner.finish()
      await untilQuiet()
      const when = `${writes[fault.write] ?? ''} lost ${fault.moment}`
      expect(await outcomeOf(person.id, course), when).to.deep.equal(eachOnce)
    }
  })

  async function writesOf({ person, course }: Run): Promise<readonly string[]> {
    const learner = await Learner.open(palier, person.email, course)
    faulty.plant()
    await learner.finish()
    // The sweeper would do beside it what is under way, and each write would be counted twice.
    while (!(await AwardModel.exists({ badge: course.badge }))) await wait(50)
    await wait(500)
    await untilQuiet()
    return [...faulty.writes]
  }
})

interface Run {
  readonly course: PackageCourse
  readonly person: { readonly id: string; readonly email: string }
}

const eachOnce = { completions: 1, evidence: 1, level: 3, awards: 1, told: 1, owing: false }

async function outcomeOf(person: string, { id, badge, competency }: PackageCourse) {
  const [completions, evidence, level, awards, told] = await Promise.all([
    CompletionModel.countDocuments({ person, course: id }),
    EvidenceModel.countDocuments({ person, competency, sourceId: `${person}|${id}|1` }),
    LevelModel.findById(`${person}|${competency}`).lean<{ level: number; owed?: string[] }>(),
    AwardModel.countDocuments({ person, badge }),
    NotificationModel.countDocuments({ person, 'data.badge': badge }),
  ])
  return { completions, evidence, level: level?.level, awards, told, owing: Boolean(level?.owed) }
}

/** Lets leases end and back-offs pass, until nothing is left to do. */
async function untilQuiet(): Promise<void> {
  const start = now().getTime()
  for (const seconds of [0, 7, 20, 60]) {
    setClock(() => new Date(start + seconds * 1000))
    for (const work of [sweepAll, deliverDue, runDueJobs]) await work().catch(leftToTheNext)
  }
}

/** The fault may strike here as well: the process's own loops would look again at their next turn. */
const leftToTheNext = (error: unknown): void => {
  if (!(error instanceof MongoError)) throw error
}
