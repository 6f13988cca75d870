import type { Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { rolesOver, type GrantableRole } from '../people/roles.js'

/**
 * Those who hold a role today over the first of some units that anybody holds it over. A person's own units, given as
 * they are kept, begin with the nearest.
 */
export async function nearestHolders(
  units: readonly Id[],
  role: GrantableRole,
  { except }: { readonly except?: Id } = {},
): Promise<Id[]> {
  const at = now()
  const granted = await rolesOver(units, at)
  const holders = granted.filter(
    (grant) => grant.role === role && grant.from <= at && grant.person !== except,
  )
  const nearest = units.find((unit) => holders.some((holder) => holder.unit === unit))
  const there = holders.filter(({ unit }) => unit === nearest)
  return [...new Set(there.map(({ person }) => person))]
}
