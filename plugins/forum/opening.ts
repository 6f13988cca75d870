import { Conflict, isDuplicateKey, now, wordsOf, type Actor, type Id } from '#core'
import { personOf } from './members.js'
import { TopicModel, type Topic } from './models.js'
import type { Place } from './places.js'
import { addPost, type NewPost } from './posts.js'
import type { PlacedTopic } from './topics.js'

export interface NewTopic extends Omit<NewPost, 'id'> {
  /** A form's hidden id: sent twice, it creates once. */
  readonly id: Id
  readonly title: string
}

/** Opens a topic with its first post. Sent twice, it opens once. */
export async function openTopic(
  actor: Actor,
  place: Place,
  { id, title, ...first }: NewTopic,
): Promise<PlacedTopic & { isNew: boolean }> {
  const author = personOf(actor)
  const at = first.at ?? now()
  const topic: Topic = {
    _id: id,
    forum: place.id,
    title,
    words: wordsOf(title),
    author,
    at,
    posts: 1,
    lastAt: at,
    lastAuthor: author,
    pinned: false,
    closed: false,
  }
  const isNew = await createOnce(topic)
  await addPost(actor, { ...topic, place }, { ...first, id: `${id}:first`, at })
  return { ...topic, place, isNew }
}

/** Whether it is new. An id that is another's topic is refused. */
async function createOnce(topic: Topic): Promise<boolean> {
  try {
    await TopicModel.create(topic)
    return true
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
    const { _id, forum, author } = topic
    const same = await TopicModel.exists({ _id, forum, author })
    if (!same) throw new Conflict('forum:id-taken')
    return false
  }
}
