import { pageOf } from '#core'
import { z } from 'zod'

const at = z.iso.datetime()
const author = z.object({ id: z.string(), name: z.string() })

export const topicShown = z.object({
  id: z.string(),
  forum: z.string(),
  title: z.string(),
  author,
  at,
  posts: z.number().int(),
  lastAt: at,
  lastAuthor: author,
  pinned: z.boolean(),
  closed: z.boolean(),
  unread: z.boolean(),
})

const place = z.object({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  language: z.string(),
  href: z.string(),
})

export const forumsShown = z.object({ places: z.array(place), topics: z.array(topicShown) })

export const topicsShown = pageOf(topicShown).extend({ place, following: z.boolean() })

export const postShown = z.object({
  id: z.string(),
  topic: z.string(),
  author,
  at,
  text: z.string(),
  editedAt: at.nullable(),
  removed: z.boolean(),
  attachment: z.object({ name: z.string(), size: z.number().int() }).nullable(),
  own: z.boolean(),
})

export const postsShown = pageOf(postShown).extend({
  topic: topicShown,
  place,
  following: z.boolean(),
  moderates: z.boolean(),
  mayWrite: z.boolean(),
})

export const panelShown = z.object({ place, topics: z.array(topicShown) })
