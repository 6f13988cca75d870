import {
  audit,
  Conflict,
  isDuplicateKey,
  NotFound,
  now,
  owes,
  settle,
  storage,
  Forbidden,
  type Actor,
  type Id,
} from '#core'
import { personOf } from './members.js'
import { PostModel, TopicModel, type Attachment, type Post } from './models.js'
import { mayModerate } from './places.js'
import { markRead } from './reading.js'
import { follow } from './subscriptions.js'
import { tellOfPost } from './telling.js'
import { findTopic, type PlacedTopic } from './topics.js'

/** A post with the topic it stands in. */
export interface PlacedPost extends Post {
  readonly placed: PlacedTopic
}

export interface NewPost {
  /** A form's hidden id: sent twice, it creates once. */
  readonly id: Id
  readonly text: string
  readonly attachment?: Attachment | undefined
  readonly at?: Date | undefined
}

/** The posts of a topic, the first one first. */
export const postsIn = (
  topic: Id,
  { skip, limit }: { skip: number; limit: number },
): Promise<Post[]> =>
  PostModel.find({ topic }).sort({ at: 1, _id: 1 }).skip(skip).limit(limit).lean<Post[]>().exec()

/** A post of a topic the actor may know of. Throws `NotFound`. */
export async function findPost(actor: Actor, id: Id): Promise<PlacedPost> {
  const post = await PostModel.findById(id).lean<Post>()
  if (!post) throw new NotFound()
  return { ...post, placed: await findTopic(actor, post.topic) }
}

/**
 * Adds a post. Sent twice, it is added once; whoever follows the topic is told once. Throws
 * `Conflict('forum:topic-closed')`.
 */
export async function addPost(
  actor: Actor,
  topic: PlacedTopic,
  { id, text, attachment, at = now() }: NewPost,
): Promise<Post & { isNew: boolean }> {
  const author = personOf(actor)
  if (topic.closed && !mayModerate(actor, topic.place)) throw new Conflict('forum:topic-closed')
  const post: Post = {
    _id: id,
    topic: topic._id,
    author,
    at,
    text,
    ...(attachment && { attachment }),
    revision: 1,
    owed: ['count', 'follow', 'tell'],
  }
  const isNew = await createOnce(post)
  await settle(PostModel, id)
  return { ...post, isNew }
}

/** Changes the text of one's own post. Throws `Forbidden`. */
export async function editPost(actor: Actor, post: PlacedPost, text: string): Promise<void> {
  if (post.author !== actor.person || post.removed) throw new Forbidden()
  await PostModel.updateOne({ _id: post._id }, { $set: { text, editedAt: now() } })
}

/** Takes a post down: one's own, or as a moderator. What it said is gone; that it was there stays. Throws `Forbidden`. */
export async function removePost(actor: Actor, post: PlacedPost): Promise<void> {
  const own = post.author === actor.person
  if (!own && !mayModerate(actor, post.placed.place)) throw new Forbidden()
  await PostModel.updateOne(
    { _id: post._id },
    {
      $set: { text: '', removed: { by: personOf(actor), at: now() } },
      $unset: { attachment: 1 },
    },
  )
  if (!own) await audit(actor, 'forum:post-removed', { object: post._id })
}

/** The file of a post. Throws `NotFound`. */
export async function openAttachment({
  attachment,
}: Post): Promise<{ name: string; body: AsyncIterable<Uint8Array> }> {
  if (!attachment) throw new NotFound()
  const file = await storage.open(attachment.hash)
  return { name: attachment.name, body: file.stream() }
}

owes<Post>(PostModel, {
  /** Counted anew, so that doing it again changes nothing. */
  count: async ({ topic }) => {
    const [posts, last] = await Promise.all([
      PostModel.countDocuments({ topic }),
      PostModel.findOne({ topic }).sort({ at: -1, _id: -1 }).lean<Post>(),
    ])
    if (!last) return
    await TopicModel.updateOne(
      { _id: topic },
      { $set: { posts, lastAuthor: last.author }, $max: { lastAt: last.at } },
    )
  },
  follow: async ({ author, topic, at }) => {
    await Promise.all([follow(author, topic), markRead(author, topic, at)])
  },
  tell: (post) => tellOfPost(post),
})

/** Whether it is new. An id that is another's post is refused. */
async function createOnce(post: Post): Promise<boolean> {
  try {
    await PostModel.create(post)
    return true
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
    const { _id, topic, author } = post
    const same = await PostModel.exists({ _id, topic, author })
    if (!same) throw new Conflict('forum:id-taken')
    return false
  }
}

/** A few posts of different units, for the access test. */
export async function somePosts(topics: readonly PlacedTopic[]): Promise<PlacedPost[]> {
  const found = await Promise.all(
    topics.map(async (placed) => {
      const [post] = await postsIn(placed._id, { skip: 0, limit: 1 })
      return post ? [{ ...post, placed }] : []
    }),
  )
  return found.flat()
}
