import { listQuery } from '#core'
import { z } from 'zod'

const id = z.uuid().optional()
const text = z.string().trim().min(1).max(20_000)

export const largestAttachment = 10_000_000

export const newTopicForm = z.strictObject({
  id,
  title: z.string().trim().min(3).max(200),
  text,
})

export const newPostForm = z.strictObject({ id, text })

export const editForm = z.strictObject({ text })

/** A form says it in words, a program outright. */
const flag = z.union([z.boolean(), z.stringbool()])

export const subscriptionForm = z.strictObject({ follow: flag })

export const moderationForm = z.strictObject({
  pinned: flag.optional(),
  closed: flag.optional(),
})

export const nothing = z.strictObject({})

export const topicsQuery = listQuery.pick({ page: true })
