import { z } from 'zod'
import { pageOf } from '../../http/lists.js'
import { personLine } from '../organisation/shown.js'
import { pairStates, reasons } from './models.js'

const at = z.iso.datetime()

/** An account beside another. */
export const accountShown = personLine.extend({
  createdAt: at,
  lastSignInAt: at.nullable(),
})

export const pairLine = z.object({
  id: z.string(),
  reasons: z.array(z.enum(reasons)),
  state: z.enum(pairStates),
  foundAt: at,
  /** The account that would rather stay. */
  kept: accountShown,
  lost: accountShown,
  dismissed: z.object({ by: z.string(), at }).nullable(),
})

export const pairsShown = pageOf(pairLine)

const figure = z.object({
  label: z.string(),
  moved: z.number().int(),
  joined: z.number().int(),
  dropped: z.number().int(),
  stays: z.number().int(),
})

const roleShown = z.object({ role: z.string(), unit: z.string() })

const sideShown = accountShown.extend({ roles: z.array(roleShown) })

/** What merging one account into another would do; without the other, only the account. */
export const mergeShown = z.object({
  lost: sideShown,
  other: z
    .object({
      kept: sideShown,
      figures: z.array(figure),
      /** What the account that stays is given, since it has none. */
      carried: z.object({ email: z.string().optional(), staffNumber: z.string().optional() }),
      /** Code of what stands against it. */
      refused: z.string().nullable(),
    })
    .nullable(),
})
