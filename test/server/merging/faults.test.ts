import { expect } from 'chai'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AwardModel } from '../../../plugins/badges/models.js'
import { EvidenceModel, LevelModel } from '../../../server/domain/competencies/models.js'
import { CompletionModel, EnrolmentModel } from '../../../server/domain/learning/models.js'
import { mergeAccounts } from '../../../server/domain/merging/merging.js'
import { MergeModel } from '../../../server/domain/merging/models.js'
import { NotificationModel } from '../../../server/domain/notifications/models.js'
import { findPerson } from '../../../server/domain/people/people.js'
import type { Actor, Id } from '../../../server/kernel/contract.js'
import { contributions } from '../../../server/kernel/plugins.js'
import { modelOf } from '../../../server/domain/privacy/records.js'
import { now, resetClock, setClock } from '../../../server/platform/clock.js'
import { databaseClient } from '../../../server/platform/database.js'
import { deliverDue } from '../../../server/platform/outbox.js'
import { sweepAll } from '../../../server/platform/owed.js'
import { startStore, type RunningStoreProcess } from '../../../server/store/launcher.js'
import { actorOf, stopTestApp, withDemo } from '../../support/app.js'
import { idOf } from '../learning/support/taking.js'
import { attemptsOf, judged, takesPart, twins, twoSteps } from './support/twins.js'

const competency = 'digital:information'
/** A merge of these accounts writes some fifty times. */
const [furthestFault, apart] = [60, 3]

describe('a fault between any two steps of merging two accounts', function () {
  this.timeout(550_000)
  let store: RunningStoreProcess
  let folder: string
  let admin: Actor

  before(async () => {
    await stopTestApp()
    folder = mkdtempSync(join(tmpdir(), 'palier-faults-'))
    store = await startStore({ dataDir: folder, testCommands: true, log: () => undefined })
    await withDemo({ mongodbUri: store.uri })
    admin = await actorOf(await idOf('admin'))
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
        data: {
          failCommands: ['insert', 'update', 'delete'],
          errorCode: 8000,
        },
      })

  async function ready() {
    const { kept, lost } = await twins()
    const [completed, begun] = [
      await twoSteps({ outcomes: [{ competency, level: 3 }] }),
      await twoSteps(),
    ]
    for (const person of [kept, lost]) await takesPart(person, completed, 2)
    await takesPart(kept, begun, 1)
    await takesPart(lost, { ...begun, activities: begun.activities.slice(1) }, 1)
    await judged(lost, competency, 4)
    for (const person of [kept, lost])
      await AwardModel.create({ _id: `${person}:b`, person, badge: 'b', at: now(), revision: 1 })
    await deliverDue()
    return { kept, lost, completed, begun }
  }

  async function sweepLater(): Promise<void> {
    const later = new Date(Number(now()) + 10_000)
    setClock(() => later)
    await sweepAll().catch(() => undefined)
  }

  const merge = async (kept: Id, lost: Id): Promise<void> =>
    mergeAccounts(admin, { kept: await findPerson(kept), lost: await findPerson(lost) })

  it('loses nothing and does nothing twice', async () => {
    for (let skip = 1; skip < furthestFault; skip += apart) {
      const { kept, lost, completed, begun } = await ready()
      const [keeps, loses] = [await findPerson(kept), await findPerson(lost)]
      await fault({ times: 1, skip })
      await mergeAccounts(admin, { kept: keeps, lost: loses }).catch(() => undefined)
      await fault('off')
      if (!(await MergeModel.exists({ _id: lost }))) await merge(kept, lost)
      for (let sweeps = 0; sweeps < 3; sweeps += 1) await sweepLater()
      await deliverDue()

      const when = `a fault at command ${skip}`
      const done = await MergeModel.findById(lost).lean()
      expect(done, when).to.have.property('doneAt').and.not.to.equal(undefined)
      expect(done, when).not.to.have.property('owed')
      for (const { model, path, onMerge } of contributions('personalData')) {
        if (onMerge === 'keep') continue
        const left = await modelOf({ model }).countDocuments({ [path]: lost })
        expect(left, `${model} ${path}, ${when}`).to.equal(0)
      }
      const enrolments = await EnrolmentModel.find({ person: kept }).lean()
      expect(enrolments, when).to.have.length(2)
      for (const one of enrolments) {
        expect(one, when).to.include({ status: 'completed' }).and.not.to.have.property('joining')
      }
      const cyclesOf = async (course: Id): Promise<number[]> =>
        (await CompletionModel.find({ person: kept, course }).lean())
          .map(({ cycle }) => cycle)
          .sort()
      expect(await cyclesOf(completed._id), when).to.deep.equal([1, 2])
      expect(await cyclesOf(begun._id), when).to.deep.equal([1])
      expect(await attemptsOf(kept, completed), when).to.have.length(4)
      expect(await attemptsOf(kept, begun), when).to.have.length(2)
      expect(await EvidenceModel.countDocuments({ person: kept, competency }), when).to.equal(3)
      const level = await LevelModel.findOne({ person: kept, competency }).lean()
      expect(level?.level, when).to.equal(4)
      expect(await AwardModel.countDocuments({ person: kept, badge: 'b' }), when).to.equal(1)
      const told = { person: kept, kind: 'merging:merged' } as const
      expect(await NotificationModel.countDocuments(told), when).to.equal(1)
    }
  })
})
