import type { Id } from '#core'
import { ReadingModel, type Reading, type Topic } from './models.js'

/** Notes that a person has read a topic up to a time. It never goes back. */
export async function markRead(person: Id, topic: Id, readAt: Date): Promise<void> {
  await ReadingModel.updateOne(
    { _id: `${person}:${topic}` },
    { $set: { person }, $max: { readAt } },
    { upsert: true },
  )
}

/** Tells which of these topics hold something a person has not read. */
export async function unreadFor(
  person: Id,
  topics: readonly Topic[],
): Promise<(topic: Topic) => boolean> {
  const ids = topics.map(({ _id }) => `${person}:${_id}`)
  const found =
    ids.length > 0 ? await ReadingModel.find({ _id: { $in: ids } }).lean<Reading[]>() : []
  const readAt = new Map(found.map((reading) => [reading._id, reading.readAt]))
  return ({ _id, lastAt }) => (readAt.get(`${person}:${_id}`) ?? new Date(0)) < lastAt
}
