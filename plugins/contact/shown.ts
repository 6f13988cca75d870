import { pageOf } from '#core'
import { z } from 'zod'
import { enquiryStatuses } from './models.js'

const at = z.iso.datetime()

export const enquiryShown = z.object({
  id: z.string(),
  person: z.object({ id: z.string(), name: z.string() }),
  status: z.enum(enquiryStatuses),
  text: z.string(),
  /** Path of the page it is about. */
  page: z.string().nullable(),
  /** Id of the request that failed, as the log has it. */
  request: z.string().nullable(),
  at,
  answer: z.object({ text: z.string(), by: z.string(), at }).nullable(),
})

export const contactShown = z.object({
  page: z.string().nullable(),
  request: z.string().nullable(),
  /** What the reader asked before, the latest first. */
  own: z.array(enquiryShown),
})

export const enquiriesShown = pageOf(enquiryShown)
