import { now } from '../../platform/clock.js'
import type { Job } from '../../platform/jobs.js'
import { ImportModel, RowModel, SourceModel, type Import, type Status } from './models.js'

/** What was applied is kept: it may be undone. */
const unapplied: readonly Status[] = ['reading', 'ready']
const kept = 30 * 86_400_000

/** Removes dry runs that nobody applied within a month, with what their files said of people. */
export const tidyDryRuns: Job = {
  id: 'imports:tidy-dry-runs',
  dailyAt: '03:30',
  async run() {
    const old = {
      status: { $in: [...unapplied] },
      at: { $lte: new Date(Number(now()) - kept) },
    }
    const found = await ImportModel.find(old, { _id: 1 }).lean<Pick<Import, '_id'>[]>()
    for (const { _id } of found) {
      await RowModel.deleteMany({ import: _id })
      await SourceModel.deleteOne({ _id })
      await ImportModel.deleteOne({ _id })
    }
  },
}
