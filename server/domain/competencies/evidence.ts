import { isDuplicateKey } from '../../platform/database.js'
import { settle } from '../../platform/owed.js'
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

/** Adds many facts at once without settling each: for seeds, which settle what they touched. */
export async function addEvidenceInBulk(given: readonly NewEvidence[]): Promise<void> {
  const operations = given.map((one) => ({
    updateOne: {
      filter: { _id: one._id },
      update: { $setOnInsert: { ...one, revision: 1 } },
      upsert: true,
    },
  }))
  if (operations.length > 0) await EvidenceModel.collection.bulkWrite(operations as never)
}
