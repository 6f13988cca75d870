import type { QueryFilter } from 'mongoose'
import { orderOf, windowOf } from '../../http/lists.js'
import type { Actor, Id, Name } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { wordFilter } from '../../platform/words.js'
import { visibleTo } from '../organisation/scope.js'
import { countPeople, peopleWhere, type Person } from '../people/people.js'
import { readProgress, seeOverview } from './enrolment-subjects.js'
import { peopleOrders, type PeopleQuery, type State } from './learner-forms.js'
import { EnrolmentModel, type Course, type Enrolment } from './models.js'

/** Which people of a list: of a unit, found by words, among those ids. */
export interface Wanted {
  readonly unit?: Id | undefined
  readonly q?: string | undefined
  readonly among?: readonly Id[] | undefined
}

/** The people of an actor's scope who fit, as a filter. */
export const peopleFilter = (
  scope: QueryFilter<Person>,
  { unit, q, among }: Wanted,
): QueryFilter<Person> => ({
  $and: [
    scope,
    ...(unit ? [{ units: unit }] : []),
    ...(among ? [{ _id: { $in: [...among] } }] : []),
    ...(wordFilter(q).$and ?? []),
  ],
})

/** Everybody within reach who has not left. */
export const currentPeople = (actor: Actor, permission: Name): QueryFilter<Person> => ({
  $and: [visibleTo(actor, permission), { status: { $ne: 'deactivated' as const } }],
})

/** Who of a course's people an actor may see: its trainers see all of them, others those within reach. */
export function participantsScope(actor: Actor, { trainers }: Course): QueryFilter<Person> {
  const teaches = actor.person !== undefined && trainers.includes(actor.person)
  return teaches ? {} : visibleTo(actor, readProgress)
}

/** Everybody whose figures the actor sees, of a unit if asked for. */
export const peopleInReach = (
  actor: Actor,
  { unit }: { readonly unit?: Id | undefined },
): Promise<Person[]> =>
  peopleWhere({
    filter: peopleFilter(currentPeople(actor, seeOverview), { unit }),
    sort: { familyName: 1, _id: 1 },
    fields: { name: 1, email: 1, unit: 1 },
  })

/** A page of people by family name, and how many there are. One more than shown is fetched. */
export async function pageOfPeople(
  filter: QueryFilter<Person>,
  query: PeopleQuery,
): Promise<{ people: Person[]; total: number }> {
  const [people, total] = await Promise.all([
    peopleWhere({ filter, sort: orderOf(peopleOrders, query.sort, 'name'), ...windowOf(query) }),
    countPeople(filter),
  ])
  return { people, total }
}

/** The people with an enrolment in a state, in a course or in any, among those given if so. */
export async function peopleEnrolled(wanted: {
  readonly course?: Id | undefined
  readonly status?: State | undefined
  readonly among?: readonly Id[] | undefined
}): Promise<Id[]> {
  const { course, status, among } = wanted
  const found = await EnrolmentModel.find(
    {
      ...(among && { person: { $in: [...among] } }),
      ...(course && { course }),
      ...(status && stateFilter(status)),
    },
    { person: 1 },
  ).lean<Pick<Enrolment, 'person'>[]>()
  return [...new Set(found.map(({ person }) => person))]
}

/** The enrolments in a state, as a filter. */
export function stateFilter(state: State): QueryFilter<Enrolment> {
  if (state === 'not-started') return { status: 'active', startedAt: { $exists: false } }
  if (state === 'in-progress') return { status: 'active', startedAt: { $exists: true } }
  if (state === 'overdue') return { status: 'active', dueAt: { $lt: now() } }
  return { status: state }
}
