import { z } from 'zod'
import { can, goesTo, routes, shows, takes } from '../../../http/routes.js'
import type { Actor, Id } from '../../../kernel/contract.js'
import { erase } from '../erasing.js'
import { leaversFile, leaversQuery, leaversShown, listLeavers } from './leavers.js'
import { countDue } from './removing.js'
import {
  changeRetention,
  installation,
  isChosen,
  kindsAt,
  lastingKinds,
  placesOf,
  setRetention,
  wishedAt,
  type Kept,
  type Wished,
} from './rules.js'

const page = '/admin/retention'

/** A form says `forever`, a program null. */
const months = z.union([
  z.literal('forever').transform(() => null),
  z.null(),
  z.coerce.number().int().min(1).max(600),
])

const retentionForm = z.record(z.string().max(100), months)

/** What is wished for and not saved yet, to see what it would remove. */
const retentionQuery = z.object({}).catchall(months)

const kindShown = z.object({
  id: z.string(),
  label: z.string(),
  /** Null for good. */
  months: z.number().int().nullable(),
  minMonths: z.number().int(),
  /** How many records would be removed today. */
  due: z.number().int(),
})

const retentionShown = z.object({
  /** Whether these times are not saved yet. */
  isTrial: z.boolean(),
  places: z.array(
    z.object({
      place: z.enum(['institution', 'installation']),
      /** Whether somebody saved these times: until then nothing is removed. */
      isChosen: z.boolean(),
      kinds: z.array(kindShown),
    }),
  ),
  /** What nobody sets the time of. */
  lasting: z.array(z.object({ id: z.string(), label: z.string() })),
})

/** How long what is kept, and what that would remove today. */
export const retentionRoutes = routes(page, (route) => {
  route.get(
    '/',
    can(setRetention),
    shows('privacy:retention', retentionShown, { query: retentionQuery }),
    ({ actor, query }) => retentionPage(actor, query),
  )

  route.post(
    '/',
    can(setRetention),
    takes(retentionForm),
    goesTo(page, { said: 'privacy:retention.done' }),
    ({ actor, form }) => changeRetention(actor, form),
  )

  route.get(
    '/leavers',
    can(erase),
    shows('privacy:leavers', leaversShown, { query: leaversQuery, file: leaversFile }),
    ({ actor, query }) => listLeavers(actor, query),
  )
})

async function retentionPage(
  actor: Actor,
  wished: Wished,
): Promise<z.input<typeof retentionShown>> {
  const wishes = await wishedAt(placesOf(actor), wished)
  return {
    isTrial: Object.keys(wished).length > 0,
    places: await Promise.all([...wishes].map(([place, kept]) => placeShown(place, kept))),
    lasting: lastingKinds().map(({ id, label }) => ({ id, label })),
  }
}

async function placeShown(place: Id, kept: Kept) {
  const due = await countDue(place, kept)
  return {
    place: place === installation ? ('installation' as const) : ('institution' as const),
    isChosen: await isChosen(place),
    kinds: kindsAt(place).map(({ id, label, minMonths }) => ({
      ...{ id, label, minMonths },
      months: kept.get(id) ?? null,
      due: due.get(id) ?? 0,
    })),
  }
}
