import type { Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import type { Job } from '../../platform/jobs.js'
import { storage } from '../../platform/storage.js'
import { AttemptModel, CourseModel } from './models.js'
import { PackageVersionModel, type PackageVersion } from './package-models.js'

const day = 86_400_000

/** Removes the versions that no activity and no attempt needs, and then the files that no version needs. */
export const tidyPackages: Job = {
  id: 'learning:tidy-packages',
  dailyAt: '02:40',
  run: async () => {
    const before = new Date(now().getTime() - day)
    await removeVersions(before)
    await removeFiles(before)
  },
}

/** A day old at least: a younger one may be an import under way. */
async function removeVersions(before: Date): Promise<void> {
  const versions = await PackageVersionModel.find(
    { at: { $lt: before } },
    { activity: 1, course: 1 },
  ).lean<Pick<PackageVersion, '_id' | 'activity' | 'course'>[]>()
  const wanted = new Set(await CourseModel.distinct('activities.version').exec())
  const unplaced = versions.filter(({ _id }) => !wanted.has(_id))
  for (const { _id, activity } of unplaced) {
    if (!(await isPlayed(_id, activity))) await PackageVersionModel.deleteOne({ _id })
  }
}

const isPlayed = async (version: Id, activity: Id): Promise<boolean> =>
  Boolean(await AttemptModel.exists({ activity, version }))

async function removeFiles(before: Date): Promise<void> {
  const needed = new Set(await PackageVersionModel.distinct('hash').exec())
  for (const { hash, since } of await storage.packages()) {
    if (since < before && !needed.has(hash)) await storage.removePackage(hash)
  }
}
