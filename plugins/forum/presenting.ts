import type { Actor } from '#core'
import type { z } from 'zod'
import { namesOf } from './members.js'
import type { Post, Topic } from './models.js'
import type { Place } from './places.js'
import { unreadFor } from './reading.js'
import type { postShown, topicShown } from './shown.js'

/** Topics as lists show them, with the names of those who wrote and what is new to the reader. */
export async function topicLines(
  { person = '' }: Actor,
  topics: readonly Topic[],
): Promise<z.input<typeof topicShown>[]> {
  const [nameOf, isUnread] = await Promise.all([
    namesOf(topics.flatMap(({ author, lastAuthor }) => [author, lastAuthor])),
    unreadFor(person, topics),
  ])
  return topics.map((topic) => ({
    id: topic._id,
    forum: topic.forum,
    title: topic.title,
    author: { id: topic.author, name: nameOf(topic.author) },
    at: topic.at.toISOString(),
    posts: topic.posts,
    lastAt: topic.lastAt.toISOString(),
    lastAuthor: { id: topic.lastAuthor, name: nameOf(topic.lastAuthor) },
    pinned: topic.pinned,
    closed: topic.closed,
    unread: isUnread(topic),
  }))
}

/** One topic as it is shown. */
export async function topicLine(actor: Actor, topic: Topic): Promise<z.input<typeof topicShown>> {
  const [line] = await topicLines(actor, [topic])
  if (!line) throw new Error('a topic has a line')
  return line
}

/** Posts as their topic shows them. */
export async function postLines(
  { person }: Actor,
  posts: readonly Post[],
): Promise<z.input<typeof postShown>[]> {
  const nameOf = await namesOf(posts.map(({ author }) => author))
  return posts.map((post) => ({
    id: post._id,
    topic: post.topic,
    author: { id: post.author, name: nameOf(post.author) },
    at: post.at.toISOString(),
    text: post.text,
    editedAt: post.editedAt?.toISOString() ?? null,
    removed: Boolean(post.removed),
    attachment: post.attachment ? { name: post.attachment.name, size: post.attachment.size } : null,
    own: post.author === person,
  }))
}

/** One post as it is shown. */
export async function postLine(actor: Actor, post: Post): Promise<z.input<typeof postShown>> {
  const [line] = await postLines(actor, [post])
  if (!line) throw new Error('a post has a line')
  return line
}

export const placeShown = ({ id, kind, title, language, href }: Place) => ({
  ...{ id, kind, title, language, href },
})
