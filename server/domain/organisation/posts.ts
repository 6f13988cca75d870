import { randomUUID } from 'node:crypto'
import type { QueryFilter } from 'mongoose'
import { Conflict, Invalid, NotFound } from '../../errors.js'
import type { Order } from '../../http/lists.js'
import type { Actor, Id, Name } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { isDuplicateKey } from '../../platform/database.js'
import { settle } from '../../platform/owed.js'
import { totalOf } from '../../platform/totals.js'
import { wordsOf } from '../../platform/words.js'
import { audit } from '../people/audit.js'
import { postOrders } from './forms.js'
import { covers, withHolder } from './holding.js'
import { personMeant } from './meaning.js'
import { PostModel, type Altitude, type HeldAs, type InLanguages } from './models.js'
import type { Post, Profile } from './models.js'
import { scopeOf } from './scope.js'
import { unitFor } from './units.js'

export type { Post, Profile } from './models.js'

export const managePosts: Name = 'organisation:manage-posts'

/** The filter of the posts over which an actor holds a permission. */
export function postsOver(actor: Actor, permission: Name = managePosts): QueryFilter<Post> {
  const { everything, units } = scopeOf(actor, permission)
  return everything ? {} : { units: { $in: units } }
}

/** A post the actor may manage. Throws `NotFound`. */
export async function findPost(actor: Actor, id: Id): Promise<Post> {
  const post = await PostModel.findOne({ $and: [{ _id: id }, postsOver(actor)] }).lean<Post>()
  if (!post) throw new NotFound()
  return post
}

interface Wanted {
  readonly order?: Order
  readonly skip?: number
  readonly limit?: number
}

/** Posts of a filter that `postsOver` made, by title unless in another order. */
export function postsWhere(
  filter: QueryFilter<Post>,
  { order = postOrders.title, skip = 0, limit = 1000 }: Wanted = {},
): Promise<Post[]> {
  return PostModel.find(filter).sort(order).skip(skip).limit(limit).lean<Post[]>().exec()
}

/** How many posts a filter holds. */
export const countPosts = (filter: QueryFilter<Post>): Promise<number> => totalOf(PostModel, filter)

/** The title of a post in a language, else the one it always has. */
export const titleIn = (
  { title, titles }: { readonly title: string; readonly titles?: InLanguages },
  language: string,
): string => titles?.[language] ?? title

export interface PostForm {
  readonly title: string
  readonly altitude: Altitude
  readonly reportsTo?: Id | undefined
  readonly profile?: Profile | undefined
}

export interface NewPost extends PostForm {
  /** A form's hidden id: sent twice, it creates once. */
  readonly id?: Id | undefined
  readonly unit: Id
}

/** Creates a vacant post in a unit the actor manages. */
export async function createPost(actor: Actor, given: NewPost): Promise<Post & { isNew: boolean }> {
  const unit = await unitFor(actor, managePosts, given.unit)
  await checkLine(given.id, given.reportsTo)
  const { title, altitude, profile } = given
  const post: Post = {
    _id: given.id ?? randomUUID(),
    title,
    words: wordsOf(title),
    altitude,
    ...(profile && { profile }),
    unit: unit._id,
    units: unit.units,
    reportsTo: given.reportsTo ?? null,
    reportsSince: now(),
    formerLines: [],
    holders: [],
    revision: 0,
  }
  try {
    await PostModel.create(post)
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
    return { ...(await findPost(actor, post._id)), isNew: false }
  }
  await audit(actor, 'organisation:post-created', { object: post._id, details: { title } })
  return { ...post, isNew: true }
}

/** Changes a post. A line of report that ends today stays in the record. */
export async function changePost(actor: Actor, post: Post, form: PostForm): Promise<void> {
  const reportsTo = form.reportsTo ?? null
  await checkLine(post._id, form.reportsTo)
  const { title, altitude, profile } = form
  await accept(post, {
    title,
    ...(title !== post.title && { titles: {}, words: wordsOf(title) }),
    altitude,
    ...(profile && { profile }),
    ...(reportsTo !== post.reportsTo && lineMoved(post, reportsTo)),
  })
  await audit(actor, 'organisation:post-changed', {
    object: post._id,
    details: { title, reportsTo },
  })
}

export interface HolderForm {
  readonly person: Id
  readonly as: HeldAs
  readonly from?: Date | undefined
  readonly to?: Date | undefined
}

/** Gives a post a holder or deputy whom the actor may see. A new holder ends the one before on that day. */
export async function fillPost(actor: Actor, post: Post, form: HolderForm): Promise<void> {
  const { as, from = now(), to } = form
  const person = await personMeant(actor, form.person, managePosts)
  if (to && to <= from) throw new Invalid('organisation:ends-before-it-begins', field('to'))
  const holders = withHolder(post.holders, { person, as, from, to: to ?? null })
  await accept(post, { holders })
  await audit(actor, 'organisation:post-filled', {
    object: post._id,
    details: { person, as, from: from.toISOString(), to: to?.toISOString() },
  })
}

/** Ends what somebody holds or deputises in a post, today or on a date. */
export async function vacatePost(
  actor: Actor,
  post: Post,
  { person, to = now() }: { person: Id; to?: Date | undefined },
): Promise<void> {
  const holders = post.holders.map((holder) =>
    holder.person === person && covers(holder, to) ? { ...holder, to } : holder,
  )
  await accept(post, { holders })
  await audit(actor, 'organisation:post-vacated', { object: post._id, details: { person } })
}

/** Some posts of different units, for the access test. */
export const somePosts = (): Promise<Post[]> => PostModel.find({}).limit(200).lean<Post[]>().exec()

/** Writes on the revision that was read, and sees to those whom the change moves. */
async function accept(post: Post, change: Partial<Post>): Promise<void> {
  const { modifiedCount } = await PostModel.updateOne(
    { _id: post._id, revision: post.revision },
    { $set: { ...change, owed: ['place'] }, $inc: { revision: 1 } },
  )
  if (modifiedCount === 0) throw new Conflict('organisation:post-changed-meanwhile')
  await settle(PostModel, post._id)
}

function lineMoved(post: Post, reportsTo: Id | null): Partial<Post> {
  const at = now()
  const over = { post: post.reportsTo, from: post.reportsSince, to: at }
  return { reportsTo, reportsSince: at, formerLines: [...post.formerLines, over] }
}

/** A line of report leads to a post that exists, and never back to where it began. */
async function checkLine(from: Id | undefined, to: Id | undefined): Promise<void> {
  const seen = new Set<Id>()
  let next: Id | null | undefined = to
  while (next) {
    if (next === from || seen.has(next))
      throw new Invalid('organisation:line-in-a-ring', field('reportsTo'))
    seen.add(next)
    const above: Post | null = await PostModel.findById(next).lean<Post>()
    if (!above) throw new Invalid('organisation:no-such-post', field('reportsTo'))
    next = above.reportsTo
  }
}

const field = (path: string) => ({ errors: [{ path, code: 'core:field-wrong-value' }] })
