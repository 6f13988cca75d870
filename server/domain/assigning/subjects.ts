import { NotFound } from '../../errors.js'
import { subject } from '../../http/routes.js'
import type { Actor, Id, Name } from '../../kernel/contract.js'
import { scopeOf, visibleTo } from '../organisation/scope.js'
import { findUnit, unitsKnownTo, type Unit } from '../organisation/units.js'
import { may, systemActor } from '../people/access.js'
import { findPerson, peopleWhere, type Person } from '../people/people.js'
import { AssignmentModel, ObligationModel, type Assignment, type Obligation } from './models.js'

/** To say what others are to complete, and to oversee it: over one's units or one's reports. */
export const assign: Name = 'assigning:assign'

/** To have a team: whoever has reports today, and their deputies. */
export const lead: Name = 'assigning:lead'

/** A unit, and whose reports in it the actor may assign to where the unit is not the actor's. */
export interface AssignableUnit {
  readonly unit: Unit
  readonly leader: Id | undefined
  readonly owners: readonly Id[]
}

/** `:unit`, for whoever may assign to all of it, or leads people in it. */
export const onAssignableUnit = subject({
  name: 'unit',
  load: async (actor: Actor, id: Id): Promise<AssignableUnit> => {
    const unit = await findUnit(actor, id)
    const leader = may(actor, assign, { units: unit.units }) ? undefined : await leads(actor, unit)
    return { unit, leader, owners: leader && actor.person ? [actor.person] : [] }
  },
  owned: ({ unit, owners }: AssignableUnit) => ({ units: unit.units, owners }),
  sample: async () => {
    const units = (await unitsKnownTo(systemActor('sample'))).slice(0, 6)
    return Promise.all(
      units.map(async ({ _id, units: above }) => ({
        id: _id,
        units: above,
        owners: await leadersIn(systemActor('sample'), _id),
      })),
    )
  },
})

/** An assignment as its permissions see it. */
export const ownedAssignment = ({ units, by, actedFor, audience }: Assignment) => ({
  units,
  owners: [by, ...(actedFor ? [actedFor] : [])],
  manager: audience.manager ?? null,
})

/** The assignments an actor oversees, as a filter. */
export function overseenBy(actor: Actor): object {
  const { everything, units, reportsOf } = scopeOf(actor, assign)
  if (everything) return {}
  return {
    $or: [
      { units: { $in: units } },
      { 'audience.manager': { $in: reportsOf } },
      { by: actor.person },
      { actedFor: actor.person },
    ],
  }
}

/** `:assignment`, for whoever oversees those it is for, or made it. */
export const onAssignment = subject({
  name: 'assignment',
  load: async (actor: Actor, id: Id): Promise<Assignment> => {
    const assignment = await AssignmentModel.findById(id).lean<Assignment>()
    if (!assignment || !may(actor, assign, ownedAssignment(assignment))) throw new NotFound()
    return assignment
  },
  owned: (assignment: Assignment) => ownedAssignment(assignment),
  sample: async () => {
    const some = await AssignmentModel.find({}).sort({ _id: 1 }).limit(6).lean<Assignment[]>()
    return some.map((one) => ({ id: one._id, ...ownedAssignment(one) }))
  },
})

/** What a person owes of a course, with the person. */
export interface PlacedObligation {
  readonly obligation: Obligation
  readonly person: Person
}

/** An obligation as its permissions see it: as its person. */
export const ownedObligation = ({ person }: Pick<PlacedObligation, 'person'>) => ({
  person: person._id,
  units: person.units,
  manager: person.manager ?? null,
})

/** `:obligation`, for whoever oversees the person. */
export const onObligation = subject({
  name: 'obligation',
  load: async (actor: Actor, id: Id): Promise<PlacedObligation> => {
    const obligation = await ObligationModel.findById(id).lean<Obligation>()
    const placed = obligation && { obligation, person: await findPerson(obligation.person) }
    if (!placed || !may(actor, assign, ownedObligation(placed))) throw new NotFound()
    return placed
  },
  owned: (placed: PlacedObligation) => ownedObligation(placed),
  sample: async () => {
    const some = await ObligationModel.find({}).sort({ _id: 1 }).limit(60).lean<Obligation[]>()
    const seen = new Set<Id>()
    const different = some.filter(({ person }) => !seen.has(person) && seen.add(person)).slice(0, 6)
    return Promise.all(
      different.map(async ({ _id, person }) => ({
        id: _id,
        ...ownedObligation({ person: await findPerson(person) }),
      })),
    )
  },
})

/** Of those for whose reports the actor may act, the first who has reports in a unit or below. */
async function leads(actor: Actor, { _id }: Unit): Promise<Id | undefined> {
  const leaders = await leadersIn(actor, _id)
  return scopeOf(actor, assign).reportsOf.find((leader) => leaders.includes(leader))
}

async function leadersIn(actor: Actor, unit: Id): Promise<Id[]> {
  const led = await peopleWhere({
    filter: {
      $and: [visibleTo(actor, assign), { units: unit }, { status: { $ne: 'deactivated' } }],
    },
    fields: { manager: 1 },
  })
  return [...new Set(led.flatMap(({ manager }) => manager ?? []))]
}
