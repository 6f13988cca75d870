import { settle } from '../../platform/owed.js'
import type { Joining } from '../people/contract.js'
import { EvidenceModel, LevelModel, type Evidence } from './models.js'

/** All evidence of both accounts is of one person, whose levels are worked out anew from it. */
export const joinEvidence: Joining = {
  count: async ({ lost }) => ({
    moved: await EvidenceModel.countDocuments({ person: lost }),
    joined: 0,
  }),
  async join({ kept, lost }) {
    await LevelModel.deleteMany({ person: lost })
    await EvidenceModel.updateMany(
      { person: lost },
      { $set: { person: kept, owed: ['settle'] }, $inc: { revision: 1 } },
    )
    const owing = { person: kept, owed: { $exists: true } }
    const moved = await EvidenceModel.find(owing, { _id: 1 }).lean<Pick<Evidence, '_id'>[]>()
    for (const { _id } of moved) await settle(EvidenceModel, _id)
  },
}
