import { Forbidden } from '../../errors.js'
import type { Actor, Name } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { may } from '../people/access.js'
import type { Person } from '../people/people.js'
import { rolesOf } from '../people/roles.js'
import { UnitModel, type Unit } from './models.js'

/**
 * Refuses what would lend an actor more than it holds: every role of the person must be over units where the actor
 * holds the permission. Throws `Forbidden` with the code.
 */
export async function refuseOutranked(
  actor: Actor,
  { _id }: Pick<Person, '_id'>,
  { permission, code }: { readonly permission: Name; readonly code: Name },
): Promise<void> {
  const roles = await rolesOf(_id, now())
  const units = await UnitModel.find({ _id: { $in: roles.map(({ unit }) => unit) } }).lean<Unit[]>()
  if (units.some((unit) => !may(actor, permission, { units: unit.units }))) {
    throw new Forbidden(code)
  }
}
