import type { QueryFilter } from 'mongoose'
import type { Actor, Id, Name } from '../../kernel/contract.js'
import { earliest } from '../../platform/clock.js'
import { reachOf, type Grant } from '../people/access.js'
import { countPeople, peopleWhere, personPlace, type Person } from '../people/people.js'
import { rolesOf } from '../people/roles.js'
import { AbsenceModel, type Absence } from './models.js'

/** Over whom a permission reaches. */
export interface Scope {
  readonly everything: boolean
  readonly units: Id[]
  /** The line managers whose reports they are: the actor, and those for whom it acts. */
  readonly reportsOf: Id[]
  readonly self?: Id
}

/**
 * What a person may do at a moment: roles granted, *learner* over the own institution, *manager* while somebody reports
 * to them, or to somebody who is away and whose deputy they are; and until when that holds.
 */
export async function grantsOf(
  person: Id,
  at: Date,
): Promise<{ grants: Grant[]; validUntil: Date | null }> {
  const [place, roles, reports, absences] = await Promise.all([
    personPlace(person),
    rolesOf(person, at),
    countPeople({ manager: person, status: { $ne: 'deactivated' } }),
    AbsenceModel.find({ deputy: person, to: { $gt: at } }).lean<Absence[]>(),
  ])
  const held = roles.filter(({ from }) => from <= at)
  const learner: Grant[] = place?.institution ? [{ role: 'learner', over: place.institution }] : []
  const manager: Grant[] = reports > 0 ? [{ role: 'manager', over: 'reports' }] : []
  const deputy = absences
    .filter(({ from }) => from <= at)
    .map(({ person: of }): Grant => ({ role: 'manager', over: 'reports', of }))
  const dated = [...roles, ...absences]
  return {
    grants: [
      ...learner,
      ...manager,
      ...deputy,
      ...held.map(({ role, unit }) => ({ role, over: unit })),
    ],
    validUntil: earliest(dated.flatMap(({ from, to }) => (from > at ? [from, to] : [to]))) ?? null,
  }
}

/** The units, reports and self over which an actor holds a permission. */
export function scopeOf(actor: Actor, permission: Name = readPeople): Scope {
  if (actor.kind === 'system') return { everything: true, units: [], reportsOf: [] }
  const { units, reportsOf, self } = reachOf(actor, permission)
  return {
    everything: false,
    units,
    reportsOf,
    ...(self && actor.person && { self: actor.person }),
  }
}

/** The permission behind `visibleTo` where none is named. */
export const readPeople: Name = 'organisation:read-people'

/** The filter over people documents by which, alone, people are listed, counted, searched, exported or written to. */
export function visibleTo(actor: Actor, permission: Name = readPeople): QueryFilter<Person> {
  const { everything, units, reportsOf, self } = scopeOf(actor, permission)
  if (everything) return {}
  // Within the whole institution one finds oneself: a single condition is in the order of an index.
  const isWithin = actor.institution !== undefined && units.includes(actor.institution)
  const clauses: QueryFilter<Person>[] = [
    ...(units.length > 0 ? [{ units: { $in: units } }] : []),
    ...(reportsOf.length > 0 ? [{ manager: { $in: reportsOf } }] : []),
    ...(self && !isWithin ? [{ _id: self }] : []),
  ]
  return clauses.length === 1
    ? (clauses[0] ?? nobody)
    : clauses.length > 1
      ? { $or: clauses }
      : nobody
}

/** The ids of the people an actor may see, among `ids` if given: for records that store a person only. */
export async function visiblePeople(
  actor: Actor,
  permission: Name = readPeople,
  ids?: readonly Id[],
): Promise<Id[]> {
  const visible = visibleTo(actor, permission)
  const filter = ids ? { $and: [visible, { _id: { $in: [...ids] } }] } : visible
  const found = await peopleWhere({ filter, fields: { _id: 1 } })
  return found.map(({ _id }) => _id)
}

const nobody: QueryFilter<Person> = { _id: { $in: [] } }
