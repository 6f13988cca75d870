import { expect } from 'chai'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EvidenceModel } from '../../../server/domain/competencies/models.js'
import { openAttempt } from '../../../server/domain/learning/attempts.js'
import { findCourse } from '../../../server/domain/learning/courses.js'
import { enrol } from '../../../server/domain/learning/enrolments.js'
import {
  AttemptModel,
  CompletionModel,
  EnrolmentModel,
  type Enrolment,
} from '../../../server/domain/learning/models.js'
import { recordProgress } from '../../../server/domain/learning/progress.js'
import { NotificationModel } from '../../../server/domain/notifications/models.js'
import { systemActor } from '../../../server/domain/people/access.js'
import { now, resetClock, setClock } from '../../../server/platform/clock.js'
import { databaseClient, definedModels } from '../../../server/platform/database.js'
import { deliverDue } from '../../../server/platform/outbox.js'
import { sweepAll } from '../../../server/platform/owed.js'
import { startStore, type RunningStoreProcess } from '../../../server/store/launcher.js'
import { actorOf, stopTestApp, withDemo } from '../../support/app.js'
import { buildProgress, buildStep, eventually, idOf, storeCourse } from './support/taking.js'

const commands = ['insert', 'update', 'find', 'aggregate']
const furthestFault = 48

describe('a fault between any two steps from a report to a completion', function () {
  this.timeout(300_000)
  let store: RunningStoreProcess
  let folder: string
  let person: string

  before(async () => {
    await stopTestApp()
    folder = mkdtempSync(join(tmpdir(), 'palier-faults-'))
    store = await startStore({ dataDir: folder, testCommands: true, log: () => undefined })
    await withDemo({ mongodbUri: store.uri })
    person = await idOf('manager')
  })
  after(async () => {
    resetClock()
    await stopTestApp()
    await store.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const fault = (mode: object | 'off'): Promise<unknown> =>
    databaseClient()
      .db('admin')
      .command({
        configureFailPoint: 'failCommand',
        mode,
        data: { failCommands: commands, errorCode: 8000 },
      })

  /** An enrolled person before a step that decides, and what reports it passed. */
  async function ready() {
    const step = buildStep({ kind: 'package', criterion: 'passed' })
    const course = await storeCourse({ activities: [step] })
    const { enrolment } = await enrol(await actorOf(person), course, { person })
    // What listens to the enrolment asks the database as well, and is not what the fault is for.
    await deliverDue()
    const attempt = await openAttempt(enrolment, step)
    const report = buildProgress({ completion: 'completed', success: 'passed' })
    return { course, step, enrolment, report, attempt: attempt._id }
  }

  /** Whoever reports and is not answered, reports again. */
  async function reportUntilAnswered(...given: Parameters<typeof recordProgress>): Promise<void> {
    await recordProgress(...given).catch(() => recordProgress(...given))
  }

  async function sweepLater(): Promise<void> {
    const later = new Date(now().getTime() + 10_000)
    setClock(() => later)
    await sweepAll().catch(() => undefined)
  }

  const owing = async (course: string): Promise<number> => {
    const counts = await Promise.all(
      [AttemptModel, EnrolmentModel, CompletionModel].map((model) =>
        (model as typeof AttemptModel).countDocuments({ course, owed: { $exists: true } }).exec(),
      ),
    )
    return counts.reduce((a, b) => a + b, 0)
  }

  it('loses nothing and does nothing twice', async () => {
    const courses: string[] = []
    const broken: boolean[] = []
    for (let skip = 0; skip < furthestFault; skip += 1) {
      const { course, attempt, report } = await ready()
      courses.push(course._id)
      await fault({ times: 1, skip })
      await reportUntilAnswered(attempt, report)
      broken.push((await owing(course._id)) > 0)
      await sweepLater()
      await fault('off')
    }
    for (let round = 0; round < 3; round += 1) await sweepLater()

    expect(broken.filter(Boolean).length, 'faults that left something owed').to.be.above(5)
    expect(broken.at(-1), 'the last fault lies beyond the last step').to.equal(false)
    for (const [skip, course] of courses.entries()) {
      const said = `fault ${skip}`
      const completion = `${person}|${course}|1`
      expect(await owing(course), said).to.equal(0)
      expect(await CompletionModel.countDocuments({ course }), said).to.equal(1)
      expect(await EvidenceModel.countDocuments({ sourceId: completion }), said).to.equal(1)
      expect(
        await NotificationModel.countDocuments({
          person,
          kind: 'learning:completed',
          'data.course': course,
        }),
        said,
      ).to.equal(1)
      const enrolment = await EnrolmentModel.findById(`${person}|${course}`).lean<Enrolment>()
      expect(enrolment?.status, said).to.equal('completed')
      const { enrolled, completed } = await findCourse(systemActor('test'), course)
      expect([enrolled, completed], said).to.deep.equal([1, 1])
    }
    // Whoever listens has heard of each: badges, where they are enabled, count the courses completed.
    const tallies = definedModels().get('badges.Tally')
    if (!tallies) return
    await eventually(
      async () => {
        const tally = await tallies.findById(person).lean<{ courses: string[] }>()
        return courses.every((course) => tally?.courses.includes(course))
      },
      { within: 60_000 },
    )
  })

  it('finds what a process left that died at any of its steps', async () => {
    const { course, attempt, report, step } = await ready()
    await AttemptModel.updateOne(
      { _id: attempt },
      { $set: { progress: report, owed: ['complete'] }, $inc: { revision: 1 } },
    )
    await sweepAll()
    expect(await CompletionModel.countDocuments({ course: course._id })).to.equal(1)
    await EnrolmentModel.updateOne(
      { _id: `${person}|${course._id}` },
      { $set: { status: 'active' }, $unset: { completedAt: 1 } },
    )
    await AttemptModel.updateOne({ _id: attempt }, { $set: { owed: ['complete'] } })
    await CompletionModel.updateOne(
      { course: course._id },
      { $set: { owed: ['evidence', 'announce', 'tell'] } },
    )
    await sweepAll()
    const enrolment = await EnrolmentModel.findById(`${person}|${course._id}`).lean<Enrolment>()
    expect(enrolment).to.include({ status: 'completed' })
    expect(enrolment?.activities[step.id]).to.include({ done: true })
    expect(
      await EvidenceModel.countDocuments({
        person,
        about: course.title,
        sourceId: `${person}|${course._id}|1`,
      }),
    ).to.equal(1)
    expect(await owing(course._id)).to.equal(0)
  })
})
