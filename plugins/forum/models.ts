import { defineModel, owedIndex, owingFields, Schema, type Id, type Owing } from '#core'

/** A question or a subject, with the posts under it. Its counts are kept, not counted. */
export interface Topic {
  readonly _id: Id
  /** `unit:<id>` or `course:<id>`. */
  readonly forum: Id
  readonly title: string
  /** Of the title, for the search. */
  readonly words: readonly string[]
  readonly author: Id
  readonly at: Date
  readonly posts: number
  readonly lastAt: Date
  readonly lastAuthor: Id
  readonly pinned: boolean
  readonly closed: boolean
}

const topics = new Schema<Topic>({
  _id: { type: String, required: true },
  forum: { type: String, required: true },
  title: { type: String, required: true },
  words: { type: [String], default: [] },
  author: { type: String, required: true },
  at: { type: Date, required: true },
  posts: { type: Number, default: 0 },
  lastAt: { type: Date, required: true },
  lastAuthor: { type: String, required: true },
  pinned: { type: Boolean, default: false },
  closed: { type: Boolean, default: false },
})
topics.index({ author: 1 })
topics.index({ words: 1 })
topics.index({ forum: 1, pinned: -1, lastAt: -1, _id: 1 })

export const TopicModel = defineModel<Topic>('forum.Topic', topics)

export interface Attachment {
  readonly hash: string
  readonly name: string
  readonly size: number
}

/** One contribution to a topic, in Markdown. */
export interface Post extends Owing {
  readonly _id: Id
  readonly topic: Id
  readonly author: Id
  readonly at: Date
  readonly text: string
  readonly attachment?: Attachment
  readonly editedAt?: Date
  /** Set when it was taken down; its text is gone then. */
  readonly removed?: { readonly by: Id; readonly at: Date }
}

const posts = new Schema<Post>({
  _id: { type: String, required: true },
  topic: { type: String, required: true },
  author: { type: String, required: true },
  at: { type: Date, required: true },
  text: { type: String, default: '' },
  attachment: {
    type: new Schema({ hash: String, name: String, size: Number }, { _id: false }),
    default: undefined,
  },
  editedAt: Date,
  removed: { type: new Schema({ by: String, at: Date }, { _id: false }), default: undefined },
  ...owingFields,
})
posts.index({ topic: 1, at: 1, _id: 1 })
posts.index({ author: 1 })
posts.index(...owedIndex)

export const PostModel = defineModel<Post>('forum.Post', posts)

/** How far a person has read a topic. `_id` is `<person>:<topic>`. */
export interface Reading {
  readonly _id: string
  readonly person: Id
  readonly readAt: Date
}

const readings = new Schema<Reading>({
  _id: { type: String, required: true },
  person: { type: String, required: true },
  readAt: { type: Date, required: true },
})
readings.index({ person: 1 })

export const ReadingModel = defineModel<Reading>('forum.Reading', readings)

/** Who is told of what is new in a topic or a forum. `_id` is `<person>:<subject>`. */
export interface Subscription {
  readonly _id: string
  readonly person: Id
  /** Id of a topic or of a forum. */
  readonly subject: Id
  /** False where somebody chose to hear no more: taking part does not bring it back. */
  readonly active: boolean
}

const subscriptions = new Schema<Subscription>({
  _id: { type: String, required: true },
  person: { type: String, required: true },
  subject: { type: String, required: true },
  active: { type: Boolean, required: true },
})
subscriptions.index({ subject: 1, active: 1 })
subscriptions.index({ person: 1 })

export const SubscriptionModel = defineModel<Subscription>('forum.Subscription', subscriptions)
