import { toPage, windowOf, type Actor, type ListQuery } from '#core'
import type { z } from 'zod'
import { personOf } from './members.js'
import { findPlace, mayModerate, type Place } from './places.js'
import { postsIn } from './posts.js'
import { placeShown, postLines, topicLine, topicLines } from './presenting.js'
import type { forumsShown, postsShown, topicsShown } from './shown.js'
import { forumsFor } from './searching.js'
import { isSubscribed } from './subscriptions.js'
import { countTopicsIn, latestTopics, topicsIn, type PlacedTopic } from './topics.js'

const latestShown = 20

type Query = Pick<ListQuery, 'page'>

/** The forums of the actor's own courses and units, and what was last written in them. */
export async function forumsPage(actor: Actor): Promise<z.input<typeof forumsShown>> {
  const forums = await forumsFor(actor)
  const [places, topics] = await Promise.all([
    Promise.all(forums.map((forum) => findPlace(actor, forum))),
    latestTopics(forums, latestShown),
  ])
  return { places: places.map(placeShown), topics: await topicLines(actor, topics) }
}

/** A page of a forum's topics. */
export async function forumPage(
  actor: Actor,
  forum: Place,
  query: Query,
): Promise<z.input<typeof topicsShown>> {
  const [topics, total, following] = await Promise.all([
    topicsIn(forum, windowOf(query)),
    countTopicsIn(forum),
    isSubscribed(personOf(actor), forum.id),
  ])
  const path = `/forums/${encodeURIComponent(forum.id)}/topics`
  const page = toPage(await topicLines(actor, topics), total, { path, query })
  return { ...page, place: placeShown(forum), following }
}

/** A page of a topic's posts. */
export async function topicPage(
  actor: Actor,
  topic: PlacedTopic,
  query: Query,
): Promise<z.input<typeof postsShown>> {
  const [posts, line, following] = await Promise.all([
    postsIn(topic._id, windowOf(query)).then((found) => postLines(actor, found)),
    topicLine(actor, topic),
    isSubscribed(personOf(actor), topic._id),
  ])
  const path = `/topics/${encodeURIComponent(topic._id)}/posts`
  const moderates = mayModerate(actor, topic.place)
  return {
    ...toPage(posts, topic.posts, { path, query }),
    topic: line,
    place: placeShown(topic.place),
    following,
    moderates,
    mayWrite: moderates || !topic.closed,
  }
}
