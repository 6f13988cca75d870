import { z } from 'zod'
import { listQuery, pageOf } from '../../../http/lists.js'
import { audiences } from './models.js'

export const messageForm = z.strictObject({
  id: z.uuid().optional(),
  to: z.enum(audiences),
  subject: z.string().trim().min(3).max(150),
  text: z.string().trim().min(3).max(2000),
})

export type NewMessage = z.infer<typeof messageForm>

export const messagesQuery = listQuery.omit({ q: true, format: true })

export const messageLine = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  by: z.string(),
  to: z.enum(audiences),
  subject: z.string(),
  text: z.string(),
  /** How many were told; null while they still are. */
  told: z.number().int().nullable(),
})

export const messagesShown = pageOf(messageLine).extend({
  course: z.object({ id: z.string(), title: z.string(), language: z.string() }),
})
