import { z } from 'zod'
import { listQuery, sortOf } from '../../http/lists.js'
import { pairStates, reasons } from './models.js'

/** Orders of pairs. */
export const pairOrders = {
  strength: { strength: 1, _id: 1 },
  found: { foundAt: 1, _id: 1 },
} as const

/** A filter left empty filters nothing. */
const empty = z.literal('').transform(() => undefined)

export const pairsQuery = listQuery.extend({
  state: z.enum(pairStates).default('open'),
  reason: z.union([z.enum(reasons), empty]).optional(),
  sort: sortOf(pairOrders),
})

export type PairsQuery = z.infer<typeof pairsQuery>

/** The account that stays. */
const into = z.string().trim().min(1).max(200)

export const mergeQuery = z.object({ into: into.optional() })
export const mergeForm = z.strictObject({ into })
export const nothing = z.strictObject({})
