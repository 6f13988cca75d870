import { NotFound } from '../../errors.js'
import type { Actor, Id, Name } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { may } from '../people/access.js'
import { peopleNamed, type PersonName } from '../people/people.js'
import {
  endRole,
  findRoleGrant,
  grantRole,
  rolesOver,
  type NewRoleGrant,
  type RoleGrant,
} from '../people/roles.js'
import { personMeant } from './meaning.js'
import { UnitModel, type Unit } from './models.js'
import { scopeOf } from './scope.js'
import { nameIn, unitById, unitFor } from './units.js'

const grantRoles: Name = 'organisation:grant-roles'

/** A role granted, with the names of who holds it and where. */
export interface GrantedRole extends RoleGrant {
  readonly personName: string
  readonly unitName: string
}

/** The roles over the units where the actor may grant them, those to come included. */
export async function grantedRoles(actor: Actor, language: string): Promise<GrantedRole[]> {
  const { everything, units } = scopeOf(actor, grantRoles)
  const within = everything
    ? await UnitModel.find({}).lean<Unit[]>()
    : await UnitModel.find({ units: { $in: units } }).lean<Unit[]>()
  const byId = new Map(within.map((unit) => [unit._id, unit]))
  const roles = await rolesOver([...byId.keys()], now())
  const names = await peopleNamed(roles.map(({ person }) => person))
  return roles.map((role) => named(role, { units: byId, names, language }))
}

/** Grants a role over a unit the actor administers to somebody the actor may see. */
export async function grant(actor: Actor, form: NewRoleGrant): Promise<RoleGrant> {
  const { _id } = await unitFor(actor, grantRoles, form.unit)
  const person = await personMeant(actor, form.person, grantRoles)
  return grantRole(actor, { ...form, person, unit: _id })
}

/** A role the actor may end. Throws `NotFound`. */
export async function findGrant(actor: Actor, id: Id): Promise<RoleGrant & { units: Id[] }> {
  const role = await findRoleGrant(id)
  const { units } = await unitById(role.unit)
  if (!may(actor, grantRoles, { units })) throw new NotFound()
  return { ...role, units }
}

/** Ends a role now. */
export const endGrant = (actor: Actor, { _id }: RoleGrant): Promise<void> => endRole(actor, _id)

function named(
  role: RoleGrant,
  known: { units: Map<Id, Unit>; names: Map<Id, PersonName>; language: string },
): GrantedRole {
  const unit = known.units.get(role.unit)
  return {
    ...role,
    personName: known.names.get(role.person)?.name ?? role.person,
    unitName: unit ? nameIn(unit, known.language) : role.unit,
  }
}

/** Some roles over different units, for the access test. */
export async function someGrants(): Promise<{ id: Id; units: Id[] }[]> {
  const roles = await rolesOver(undefined, now())
  const seen = new Set<Id>()
  const some = roles.filter(({ unit }) => !seen.has(unit) && seen.add(unit)).slice(0, 6)
  return Promise.all(
    some.map(async ({ _id, unit }) => ({ id: _id, units: (await unitById(unit)).units })),
  )
}
