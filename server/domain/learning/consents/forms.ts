import type { z } from 'zod'
import { listQuery, sortOf } from '../../../http/lists.js'

/** Orders of consents. */
export const consentOrders = { at: { at: 1, _id: 1 } } as const

export const consentsQuery = listQuery.extend({ sort: sortOf(consentOrders) })

export type ConsentsQuery = z.infer<typeof consentsQuery>
