import { isDuplicateKey } from '../../platform/database.js'
import { settle } from '../../platform/owed.js'
import type { Id } from '../../kernel/contract.js'
import { EvidenceModel, type Evidence } from './models.js'

export type NewEvidence = Omit<Evidence, 'revision' | 'owed'>

/**
 * Adds a fact that supports a level, for good. The same `_id` again changes nothing. The level it leads to is settled
 * at once, or by the sweeper after a crash.
 */
export async function addEvidence(given: NewEvidence): Promise<void> {
  try {
    await EvidenceModel.collection.insertOne({ ...given, revision: 1, owed: ['settle'] } as never)
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
  }
  await settle(EvidenceModel, given._id)
}

/** One piece of evidence, if it is there. Access is the caller's to judge. */
export const evidenceById = (id: Id): Promise<Evidence | null> =>
  EvidenceModel.findById(id).lean<Evidence>().exec()

/** Adds many facts at once without settling them, and says whose they were: for seeds, which settle what they touched. */
export async function addEvidenceInBulk(given: readonly NewEvidence[]): Promise<Id[]> {
  const ids = given.map(({ _id }) => _id)
  const known = await EvidenceModel.find({ _id: { $in: ids } }, { _id: 1 }).lean<{ _id: Id }[]>()
  const there = new Set(known.map(({ _id }) => _id))
  const added = given.filter(({ _id }) => !there.has(_id))
  if (added.length > 0) {
    const documents = added.map((one) => ({ ...one, revision: 1 }))
    await EvidenceModel.collection.insertMany(documents as never)
  }
  return [...new Set(added.map(({ person }) => person))]
}
