import type { Id } from '../../../kernel/contract.js'
import { CorrectionModel, type Correction } from './models.js'

/** The completions among some that count no more, each with when its latest correction said so. */
export async function withdrawnSince(completions: readonly Id[]): Promise<Map<Id, Date>> {
  const found = await CorrectionModel.find({ completion: { $in: [...completions] } })
    .sort({ completion: 1, number: 1 })
    .lean<Correction[]>()
  const since = new Map<Id, Date>()
  for (const { completion, counts, at } of found) {
    if (counts) since.delete(completion)
    else since.set(completion, at)
  }
  return since
}

/** Everything that was said of one completion, the latest first. */
export const correctionsOf = (completion: Id): Promise<Correction[]> =>
  CorrectionModel.find({ completion }).sort({ number: -1 }).limit(100).lean<Correction[]>().exec()
