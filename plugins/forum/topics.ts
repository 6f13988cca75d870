import { NotFound, systemActor, type Actor, type Id } from '#core'
import { TopicModel, type Topic } from './models.js'
import { findPlace, mayTakePart, type Place } from './places.js'

/** A topic with the forum it stands in. */
export interface PlacedTopic extends Topic {
  readonly place: Place
}

/** A topic of a forum the actor may know of. Throws `NotFound`. */
export async function findTopic(actor: Actor, id: Id): Promise<PlacedTopic> {
  const topic = await TopicModel.findById(id).lean<Topic>()
  if (!topic) throw new NotFound()
  const place = await findPlace(actor, topic.forum)
  if (!mayTakePart(actor, place)) throw new NotFound()
  return { ...topic, place }
}

/** The topics of a forum: pinned ones first, then the one last written to. */
export const topicsIn = (
  { id }: Place,
  { skip, limit }: { skip: number; limit: number },
): Promise<Topic[]> =>
  TopicModel.find({ forum: id })
    .sort({ pinned: -1, lastAt: -1, _id: 1 })
    .skip(skip)
    .limit(limit)
    .lean<Topic[]>()
    .exec()

export const countTopicsIn = ({ id }: Place): Promise<number> =>
  TopicModel.countDocuments({ forum: id }).exec()

/** The topics last written to in some forums. */
export const latestTopics = (forums: readonly Id[], limit: number): Promise<Topic[]> =>
  TopicModel.find({ forum: { $in: [...forums] } })
    .sort({ lastAt: -1 })
    .limit(limit)
    .lean<Topic[]>()
    .exec()

/** Closes or opens a topic to new posts, pins it or lets it go. */
export async function changeTopic(
  { _id }: PlacedTopic,
  change: { readonly pinned?: boolean | undefined; readonly closed?: boolean | undefined },
): Promise<void> {
  const given = Object.entries(change).filter(([, value]) => value !== undefined)
  if (given.length > 0) await TopicModel.updateOne({ _id }, { $set: Object.fromEntries(given) })
}

/** A few topics of different units, for the access test. */
export async function someTopics(): Promise<PlacedTopic[]> {
  const found = await TopicModel.find({ forum: { $regex: '^unit:' } })
    .sort({ forum: 1, _id: 1 })
    .limit(5)
    .lean<Topic[]>()
  const system = systemActor('sample')
  return Promise.all(
    found.map(async (topic) => ({ ...topic, place: await findPlace(system, topic.forum) })),
  )
}
