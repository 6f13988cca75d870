import {
  enqueue,
  excerpt,
  notify,
  personActor,
  send,
  systemActor,
  type Id,
  type Job,
  type NotificationKind,
} from '#core'
import { z } from 'zod'
import { namesOf } from './members.js'
import { PostModel, TopicModel, type Post, type Topic } from './models.js'
import { findPlace, mayTakePart, placeFor, type Place } from './places.js'
import { followersOf, silencedIn } from './subscriptions.js'

interface News {
  readonly topic: Id
  readonly title: string
  readonly author: string
  readonly beginning: string
  readonly place: string
}

/** Somebody answered in a topic one follows. */
export const answered: NotificationKind<News> = {
  id: 'forum:answered',
  mail: 'digest',
  present: ({ topic, title, author, beginning }, t) => ({
    title: t('forum:telling.answered', { author, title }),
    body: beginning,
    href: `/topics/${encodeURIComponent(topic)}/posts`,
    icon: 'chat-dots',
  }),
}

/** Somebody opened a topic in a forum one follows, or whose course one teaches. */
export const opened: NotificationKind<News> = {
  id: 'forum:opened',
  mail: 'digest',
  present: ({ topic, title, author, beginning, place }, t) => ({
    title: t('forum:telling.opened', { author, title, place }),
    body: beginning,
    href: `/topics/${encodeURIComponent(topic)}/posts`,
    icon: 'chat-square-text',
  }),
}

/** The room of those who have a topic open. */
export const topicRoom = (topic: Id): string => `forum:topic:${topic}`

/** Tells the pages that are open now, and in the background, once each, those who follow: they may be a thousand. */
export async function tellOfPost({ _id: post, topic }: Post): Promise<void> {
  send(topicRoom(topic), 'forum:post', { post })
  await enqueue(tellFollowers, { post }, { key: post })
}

export const tellFollowers: Job<{ post: Id }> = {
  id: 'forum:tell-followers',
  payload: z.object({ post: z.string() }),
  async run({ post: id }) {
    const post = await PostModel.findById(id).lean<Post>()
    const topic = post && (await TopicModel.findById(post.topic).lean<Topic>())
    if (post && topic && !post.removed) await tellAll(post, topic)
  },
}

async function tellAll(post: Post, topic: Topic): Promise<void> {
  const place = await findPlace(systemActor('forum:tell'), topic.forum)
  const isFirst = post._id === `${topic._id}:first`
  const kind = isFirst ? opened : answered
  const name = (await namesOf([post.author]))(post.author)
  const data: News = {
    topic: topic._id,
    title: topic.title,
    author: name,
    beginning: excerpt(post.text),
    place: place.title,
  }
  for (const person of await audience(post, place, isFirst)) {
    await notify(person, kind, { data, key: post._id })
  }
}

/** Followers who may still read here, but not the author. Those who teach hear of each new topic. */
async function audience({ author, topic }: Post, place: Place, isFirst: boolean): Promise<Id[]> {
  const subjects = isFirst ? [place.id] : [topic]
  const [followers, silenced] = await Promise.all([followersOf(subjects), silencedIn(subjects)])
  const wanted = new Set([...followers, ...(isFirst ? place.owners : [])])
  const found = await Promise.all(
    [...wanted]
      .filter((person) => person !== author && !silenced.has(person))
      .map(async (person) => ((await mayRead(person, place.id)) ? [person] : [])),
  )
  return found.flat()
}

async function mayRead(person: Id, forum: Id): Promise<boolean> {
  const actor = await personActor(person)
  const place = await placeFor(actor, forum)
  return place !== undefined && mayTakePart(actor, place)
}
