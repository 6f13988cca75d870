import type { Contributions } from '../kernel/contract.js'
import { JobRunModel } from './jobs.js'

/** Work that failed for good, mails with their text among it; and that done work goes by itself. */
export const platformRetention: readonly Contributions['retention'][] = [
  {
    id: 'platform:failed-jobs',
    label: 'core:retention.failed-jobs',
    model: JobRunModel.modelName,
    of: 'installation',
    defaultMonths: 12,
    minMonths: 1,
    due: ({ before }) => ({ status: 'dead', dueAt: { $lt: before } }),
  },
  { id: 'platform:done-jobs', label: 'core:retention.done-jobs', lasting: true },
]
