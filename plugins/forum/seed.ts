import { now, type Id, type Seed, wordsOf } from '#core'
import { readDemo, type Demo } from '../../content/demo/demo.js'
import {
  PostModel,
  ReadingModel,
  TopicModel,
  type Post,
  type Reading,
  type Topic,
} from './models.js'
import { forumOf } from './places.js'

const day = 86_400_000

/** What the demo institution discusses. Nobody is told of it: it was said long ago. */
export const demoTopics: Seed = {
  id: 'forum:demo',
  async run() {
    const { forum } = readDemo()
    const topics = forum.map(topicFrom)
    const posts = forum.flatMap(postsFrom)
    const readings = forum.flatMap(readingsOf)
    const [oldTopics, oldPosts, oldReadings] = await Promise.all([
      idsOf(TopicModel.find({}, { _id: 1 }).lean<{ _id: Id }[]>()),
      idsOf(PostModel.find({}, { _id: 1 }).lean<{ _id: Id }[]>()),
      idsOf(ReadingModel.find({}, { _id: 1 }).lean<{ _id: Id }[]>()),
    ])
    await TopicModel.insertMany(topics.filter(({ _id }) => !oldTopics.has(_id)))
    await ReadingModel.insertMany(readings.filter(({ _id }) => !oldReadings.has(_id)))
    await PostModel.insertMany(posts.filter(({ _id }) => !oldPosts.has(_id)))
  },
}

type Source = Demo['forum'][number]

function topicFrom(source: Source): Topic {
  const { id, place, title, pinned = false, closed = false, posts } = source
  const first = posts[0]
  const last = posts.at(-1)
  return {
    _id: id,
    forum: 'unit' in place ? forumOf('unit', place.unit) : forumOf('course', place.course),
    title,
    words: wordsOf(title),
    author: first?.author ?? '',
    at: at(first, 0),
    posts: posts.length,
    lastAt: at(last, posts.length - 1),
    lastAuthor: last?.author ?? '',
    pinned,
    closed,
  }
}

const postsFrom = ({ id, posts }: Source): Post[] =>
  posts.map((post, number) => ({
    _id: number === 0 ? `${id}:first` : `${id}:${number}`,
    topic: id,
    author: post.author,
    at: at(post, number),
    text: post.text,
    revision: 0,
  }))

/** Whoever wrote in a topic has read it to the end. */
const readingsOf = ({ id, posts }: Source): Reading[] =>
  [...new Set(posts.map(({ author }) => author))].map((person) => ({
    _id: `${person}:${id}`,
    person,
    readAt: now(),
  }))

/** Posts of one day keep their order: a few minutes lie between them. */
const at = (post: { daysAgo: number } | undefined, number: number): Date =>
  new Date(now().getTime() - (post?.daysAgo ?? 0) * day - (20 - number) * 420_000)

async function idsOf(found: Promise<{ _id: Id }[]>): Promise<ReadonlySet<Id>> {
  return new Set((await found).map(({ _id }) => _id))
}
