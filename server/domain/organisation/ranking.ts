import { Forbidden } from '../../errors.js'
import type { Actor } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { may, type Permission } from '../people/access.js'
import type { Person } from '../people/people.js'
import { rolesOf } from '../people/roles.js'
import { UnitModel, type Unit } from './models.js'

/**
 * Refuses what would lend an actor more than it holds: every role of the person must be over units where the actor
 * holds the permission. Throws `Forbidden('organisation:outranked')`.
 */
export async function refuseOutranked(
  actor: Actor,
  permission: Permission['id'],
  { _id }: Pick<Person, '_id'>,
): Promise<void> {
  const roles = await rolesOf(_id, now())
  const units = await UnitModel.find({ _id: { $in: roles.map(({ unit }) => unit) } }).lean<Unit[]>()
  if (units.some((unit) => !may(actor, permission, { units: unit.units }))) {
    throw new Forbidden('organisation:outranked')
  }
}
