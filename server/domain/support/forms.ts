import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { listQuery, sortOf } from '../../http/lists.js'

/** How long one may look. */
export const minutesOffered = [15, 30, 60] as const

export const startForm = z.strictObject({
  id: z.uuid().default(() => randomUUID()),
  reason: z.string().trim().min(5).max(300),
  minutes: z.coerce
    .number()
    .refine((minutes) => (minutesOffered as readonly number[]).includes(minutes))
    .default(30),
})

export type StartForm = z.infer<typeof startForm>

export const nothing = z.strictObject({})

/** Orders of support views. */
export const viewOrders = { from: { from: 1, _id: 1 } } as const

export const viewsQuery = listQuery.extend({ sort: sortOf(viewOrders) })

export type ViewsQuery = z.infer<typeof viewsQuery>
