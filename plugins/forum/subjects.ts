import { subject, type Actor, type Id } from '#core'
import { findPlace, type Place } from './places.js'
import { findPost, somePosts, type PlacedPost } from './posts.js'
import { findTopic, someTopics, type PlacedTopic } from './topics.js'

const ownedBy = ({ units, owners }: Place) => ({
  units,
  ...(owners.length > 0 && { owners }),
})

/** `:forum`, for whoever may know of its unit or course. */
export const onForum = subject({
  name: 'forum',
  load: (actor: Actor, id: Id) => findPlace(actor, id),
  owned: ownedBy,
  sample: async () => {
    const places = new Map((await someTopics()).map(({ place }) => [place.id, place]))
    return [...places.values()].map((place) => ({ id: place.id, ...ownedBy(place) }))
  },
})

/** `:topic`, in such a forum. */
export const onTopic = subject({
  name: 'topic',
  load: (actor: Actor, id: Id) => findTopic(actor, id),
  owned: ({ place }: PlacedTopic) => ownedBy(place),
  sample: async () =>
    (await someTopics()).map(({ _id, place }) => ({ id: _id, ...ownedBy(place) })),
})

/** `:post`, in such a topic. */
export const onPost = subject({
  name: 'post',
  load: (actor: Actor, id: Id) => findPost(actor, id),
  owned: ({ placed }: PlacedPost) => ownedBy(placed.place),
  sample: async () =>
    (await somePosts(await someTopics())).map(({ _id, placed }) => ({
      id: _id,
      ...ownedBy(placed.place),
    })),
})
