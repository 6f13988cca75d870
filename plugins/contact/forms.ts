import { listQuery, sortOf } from '#core'
import { z } from 'zod'
import { enquiryStatuses } from './models.js'

/** A path of ours: it becomes a link for whoever answers. */
const page = z
  .string()
  .max(500)
  .regex(/^\/(?![/\\])/)

const request = z.string().regex(/^[\w-]{1,64}$/)

/** A filter left empty filters nothing. */
const empty = z.literal('').transform(() => undefined)

export const contactQuery = z.object({
  page: empty.or(page).optional().catch(undefined),
  request: empty.or(request).optional().catch(undefined),
})

export const enquiryForm = z.strictObject({
  id: z.uuid().optional(),
  text: z.string().trim().min(3).max(4000),
  page: empty.or(page).optional(),
  request: empty.or(request).optional(),
})

export type NewEnquiry = z.infer<typeof enquiryForm>

export const answerForm = z.strictObject({ text: z.string().trim().min(1).max(4000) })

export const enquiryOrders = { at: { at: 1, _id: 1 } } as const

export const enquiriesQuery = listQuery.extend({
  sort: sortOf(enquiryOrders),
  status: empty.or(z.enum(enquiryStatuses)).optional(),
})

export type EnquiriesQuery = z.infer<typeof enquiriesQuery>
