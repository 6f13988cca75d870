import type { Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { systemActor } from '../people/access.js'
import { peopleWhere } from '../people/people.js'
import { rolesOver, type GrantableRole } from '../people/roles.js'
import { visibleTo } from './scope.js'

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
  const held = granted.filter(
    (grant) => grant.role === role && grant.from <= at && grant.person !== except,
  )
  const here = await stillHere(held.map(({ person }) => person))
  const holders = held.filter(({ person }) => here.has(person))
  const nearest = units.find((unit) => holders.some((holder) => holder.unit === unit))
  const there = holders.filter(({ unit }) => unit === nearest)
  return [...new Set(there.map(({ person }) => person))]
}

/** A role does not end because its holder leaves. */
async function stillHere(people: readonly Id[]): Promise<Set<Id>> {
  const found = await peopleWhere({
    filter: {
      $and: [
        visibleTo(systemActor('organisation:nearest')),
        { _id: { $in: [...people] }, status: { $ne: 'deactivated' } },
      ],
    },
    fields: { _id: 1 },
  })
  return new Set(found.map(({ _id }) => _id))
}
