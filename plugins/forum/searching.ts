import { coursesOf, findPerson, wordFilter, type Actor, type Id, type SearchSource } from '#core'
import { TopicModel, type Topic } from './models.js'
import { forumOf } from './places.js'

/** Topics of the forums that the actor belongs to, by title. */
export const searchTopics: SearchSource = {
  id: 'forum:topics',
  label: 'forum:nav',
  icon: 'chat-dots',
  order: 40,
  find: async ({ actor, q }) => {
    const { $and } = wordFilter(q)
    if (!$and) return []
    const filter = { $and: [{ forum: { $in: await forumsFor(actor) } }, ...$and] }
    const topics = await TopicModel.find(filter).sort({ lastAt: -1 }).limit(8).lean<Topic[]>()
    return topics.map(({ _id, title }) => ({
      title,
      href: `/topics/${encodeURIComponent(_id)}/posts`,
    }))
  },
}

/** The forums of the actor's own courses and units. */
export async function forumsFor({ person }: Actor): Promise<Id[]> {
  if (!person) return []
  const [{ units }, courses] = await Promise.all([findPerson(person), coursesOf(person)])
  return [
    ...courses.map(({ _id }) => forumOf('course', _id)),
    ...units.map((unit) => forumOf('unit', unit)),
  ]
}
