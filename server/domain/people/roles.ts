import { randomUUID } from 'node:crypto'
import { NotFound } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { isDuplicateKey } from '../../platform/database.js'
import type { Role } from './access.js'
import { audit, auditEach } from './audit.js'
import { RoleGrantModel, type RoleGrant } from './models.js'
import { forgetGrants } from './sessions.js'

export type { RoleGrant } from './models.js'

/** The roles that can be granted; the others follow from reports and from being the person. */
export const grantableRoles = [
  'learner',
  'trainer',
  'coordinator',
  'evaluator',
  'coach',
  'administrator',
] as const satisfies readonly Role[]

export type GrantableRole = (typeof grantableRoles)[number]

export interface NewRoleGrant {
  readonly id?: Id | undefined
  readonly person: Id
  readonly role: GrantableRole
  readonly unit: Id
  readonly from?: Date | undefined
  readonly to?: Date | undefined
}

/** Grants a role over a unit. Whether the actor may, organisation judges: it knows the units. */
export async function grantRole(actor: Actor, given: NewRoleGrant): Promise<RoleGrant> {
  const grant = grantFrom(given)
  try {
    await RoleGrantModel.create(grant)
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
    return findRoleGrant(grant._id)
  }
  await forgetGrants([grant.person])
  await auditEach(actor, 'people:role-granted', [lineOf(grant)])
  return grant
}

/** Grants the roles that are not there yet, of ids the caller chose. */
export async function grantRoles(
  actor: Actor,
  given: readonly (NewRoleGrant & { readonly id: Id })[],
): Promise<void> {
  const known = await RoleGrantModel.find({ _id: { $in: given.map(({ id }) => id) } }, { _id: 1 })
    .lean<{ _id: Id }[]>()
    .exec()
  const there = new Set(known.map(({ _id }) => _id))
  const grants = given.filter(({ id }) => !there.has(id)).map(grantFrom)
  await RoleGrantModel.insertMany(grants)
  await forgetGrants(grants.map(({ person }) => person))
  await auditEach(actor, 'people:role-granted', grants.map(lineOf))
}

/** Ends a role now. It stays in the record. */
export async function endRole(actor: Actor, id: Id): Promise<void> {
  const grant = await findRoleGrant(id)
  const { person, role, unit } = grant
  await RoleGrantModel.updateOne({ _id: id }, { $set: { to: now() } })
  await forgetGrants([person])
  await audit(actor, 'people:role-ended', { object: person, details: { role, unit } })
}

/** A role once granted. Throws `NotFound`. */
export async function findRoleGrant(id: Id): Promise<RoleGrant> {
  const grant = await RoleGrantModel.findById(id).lean<RoleGrant>()
  if (!grant) throw new NotFound()
  return grant
}

/** The roles of a person that have not ended at a moment, those to come included. */
export const rolesOf = (person: Id, at: Date): Promise<RoleGrant[]> =>
  RoleGrantModel.find({ person, ...notEnded(at) })
    .lean<RoleGrant[]>()
    .exec()

/** The roles over some units that have not ended at a moment; over all units when none are named. */
export const rolesOver = (units: readonly Id[] | undefined, at: Date): Promise<RoleGrant[]> =>
  RoleGrantModel.find({ ...notEnded(at), ...(units && { unit: { $in: units } }) })
    .sort({ from: -1 })
    .lean<RoleGrant[]>()
    .exec()

function grantFrom({ id = randomUUID(), person, role, unit, from, to }: NewRoleGrant): RoleGrant {
  return { _id: id, person, role, unit, from: from ?? now(), to: to ?? null }
}

const lineOf = ({ person, role, unit, from, to }: RoleGrant) => ({
  object: person,
  details: { role, unit, from: from.toISOString(), to: to?.toISOString() },
})

const notEnded = (at: Date) => ({ $or: [{ to: null }, { to: { $gt: at } }] })
