import type { Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { settle } from '../../platform/owed.js'
import type { Joining } from '../people/contract.js'
import { personPlace } from '../people/people.js'
import { withoutOverlap } from './holding.js'
import { PlacementModel, PostModel, type Post } from './models.js'

/** Posts held by two accounts of one person, each held once at a time. Where everybody belongs follows. */
export const joinHolders: Joining = {
  async count({ kept, lost }) {
    const posts = await postsHeldBy(lost)
    const both = posts.filter(({ holders }) => holders.some(({ person }) => person === kept))
    return { moved: posts.length - both.length, joined: both.length }
  },
  async join({ kept, lost }) {
    for (const { _id, revision, holders } of await postsHeldBy(lost)) {
      const named = holders.map((one) => (one.person === lost ? { ...one, person: kept } : one))
      const { modifiedCount } = await PostModel.updateOne(
        { _id, revision },
        { $set: { holders: withoutOverlap(named), owed: ['place'] }, $inc: { revision: 1 } },
      )
      if (modifiedCount === 0) throw new Error(`the post ${_id} changed meanwhile`)
      await settle(PostModel, _id)
    }
  },
}

/** Where the accounts belonged. Whoever belongs somewhere stays there: the other's place is over. */
export const joinPlacements: Joining = {
  count: async ({ lost }) => ({
    moved: await PlacementModel.countDocuments({ person: lost }),
    joined: 0,
  }),
  async join({ kept, lost }) {
    const at = now()
    const place = await personPlace(kept)
    if (place?.unit) {
      const open = { person: lost, from: { $lte: at }, $or: [{ to: null }, { to: { $gt: at } }] }
      await PlacementModel.updateMany(open, { $set: { to: at } })
    }
    await PlacementModel.updateMany({ person: lost }, { $set: { person: kept } })
  },
}

const postsHeldBy = (person: Id): Promise<Post[]> =>
  PostModel.find({ 'holders.person': person }).lean<Post[]>().exec()
