import type { Id } from '../../../kernel/contract.js'
import { CorrectionModel, type Correction } from './models.js'

/** What is said of some completions today: of each, the latest correction. */
export async function latestCorrections(completions: readonly Id[]): Promise<Map<Id, Correction>> {
  const found = await CorrectionModel.find({ completion: { $in: [...completions] } })
    .sort({ completion: 1, number: 1 })
    .lean<Correction[]>()
  return new Map(found.map((one) => [one.completion, one]))
}

/** Everything that was said of one completion, the latest first. */
export const correctionsOf = (completion: Id): Promise<Correction[]> =>
  CorrectionModel.find({ completion }).sort({ number: -1 }).limit(100).lean<Correction[]>().exec()
