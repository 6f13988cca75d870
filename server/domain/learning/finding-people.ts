import type { QueryFilter } from 'mongoose'
import { orderOf, windowOf } from '../../http/lists.js'
import type { Actor, Id, Name } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { exactUpTo, keptTotal, largeTotal } from '../../platform/totals.js'
import { wordFilter } from '../../platform/words.js'
import { visibleTo } from '../organisation/scope.js'
import { countPeople, peopleInTurn, peopleWhere, type Person } from '../people/people.js'
import { readProgress } from './enrolment-subjects.js'
import { peopleOrders, type PeopleQuery, type WantedState } from './learner-forms.js'
import {
  EnrolmentModel,
  stuckSigns,
  type Course,
  type Enrolment,
  type StuckSign,
} from './models.js'

/** Which people of a list: of a unit, found by words. */
export interface Wanted {
  readonly unit?: Id | undefined
  readonly q?: string | undefined
}

/** The people of an actor's scope who fit, as a filter. */
export const peopleFilter = (
  scope: QueryFilter<Person>,
  { unit, q }: Wanted,
): QueryFilter<Person> => ({
  $and: [scope, ...(unit ? [{ units: unit }] : []), ...(wordFilter(q).$and ?? [])],
})

/** Everybody within reach who has not left. */
export const currentPeople = (actor: Actor, permission: Name): QueryFilter<Person> => ({
  $and: [visibleTo(actor, permission), { status: { $ne: 'deactivated' as const } }],
})

/** Who of a course's people an actor may see: its trainers see all of them, others those within reach. */
export const participantsScope = (
  actor: Actor,
  course: Course,
  permission: Name = readProgress,
): QueryFilter<Person> => (teaches(actor, course) ? {} : visibleTo(actor, permission))

/** Those among some of a course's people whom an actor reaches by a permission and who have not left. */
export async function participantsAmong(
  actor: Actor,
  course: Course,
  { people, permission }: { readonly people: readonly Id[]; readonly permission: Name },
): Promise<Id[]> {
  const scope = participantsScope(actor, course, permission)
  const current = { _id: { $in: [...people] }, status: { $ne: 'deactivated' as const } }
  const filter = { $and: [scope, current] }
  return (await peopleWhere({ filter, fields: { _id: 1 } })).map(({ _id }) => _id)
}

/** Whether an actor is a trainer of a course. */
export const teaches = ({ person }: Actor, { trainers }: Course): boolean =>
  person !== undefined && trainers.includes(person)

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

/** Who takes part: in a state, in a course. */
export interface Taking {
  readonly course?: Id | undefined
  readonly status?: WantedState | undefined
  /** After how many days without progress a course is stalled. */
  readonly days?: number | undefined
}

/**
 * A page of the people of a filter who take part. A thousand who do are looked up among the people; with more, the people
 * are gone through by name until the page is full.
 */
export async function pageOfTaking(
  people: QueryFilter<Person>,
  taking: Taking,
  query: PeopleQuery,
): Promise<{ people: Person[]; total: number }> {
  const key = JSON.stringify(['learning:taking', people, taking])
  const few = largeTotal(key) === undefined ? await idsTaking(taking, exactUpTo + 1) : undefined
  if (few && few.length <= exactUpTo) {
    return pageOfPeople({ $and: [people, { _id: { $in: [...new Set(few)] } }] }, query)
  }
  const [found, total] = await Promise.all([
    firstTaking(people, taking, query),
    keptTotal(key, () => countTaking(people, taking)),
  ])
  return { people: found, total }
}

async function firstTaking(
  filter: QueryFilter<Person>,
  taking: Taking,
  query: PeopleQuery,
): Promise<Person[]> {
  const { skip, limit } = windowOf(query)
  const found: Person[] = []
  for await (const some of peopleInTurn(filter, orderOf(peopleOrders, query.sort, 'name'))) {
    const there = new Set(await idsTaking({ ...taking, among: some }))
    found.push(...some.filter(({ _id }) => there.has(_id)))
    if (found.length >= skip + limit) break
  }
  return found.slice(skip, skip + limit)
}

async function countTaking(filter: QueryFilter<Person>, taking: Taking): Promise<number> {
  const there = new Set(await idsTaking(taking))
  const people = await peopleWhere({ filter, fields: { _id: 1 } })
  return people.filter(({ _id }) => there.has(_id)).length
}

/** The people of enrolments, as often as each has one. */
async function idsTaking(
  { course, status, days, among }: Taking & { readonly among?: readonly Person[] },
  limit = 0,
): Promise<Id[]> {
  const found = await EnrolmentModel.find(
    {
      ...(among && { person: { $in: among.map(({ _id }) => _id) } }),
      ...(course && { course }),
      ...(status && stateFilter(status, days)),
    },
    { person: 1 },
  )
    .limit(limit)
    .lean<Pick<Enrolment, 'person'>[]>()
  return found.map(({ person }) => person)
}

/** The enrolments in a state, or under way without progress for some days, as a filter. */
export function stateFilter(state: WantedState, days = 14): QueryFilter<Enrolment> {
  if (state === 'not-started') return { status: 'active', startedAt: { $exists: false } }
  if (state === 'in-progress') return { status: 'active', startedAt: { $exists: true } }
  if (state === 'overdue') return { status: 'active', dueAt: { $lt: now() } }
  if (isSign(state)) return { status: 'active', signs: state }
  if (state !== 'stalled') return { status: state }
  const before = { $lt: new Date(Number(now()) - days * 86_400_000) }
  const never = { lastAt: { $exists: false }, enrolledAt: before }
  return { status: 'active', $or: [{ lastAt: before }, never] }
}

const isSign = (state: WantedState): state is StuckSign =>
  (stuckSigns as readonly string[]).includes(state)
