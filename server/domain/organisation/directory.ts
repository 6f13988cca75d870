import { randomUUID } from 'node:crypto'
import type { QueryFilter } from 'mongoose'
import type { z } from 'zod'
import { NotFound } from '../../errors.js'
import { orderOf, windowOf } from '../../http/lists.js'
import type { Actor, Id, Name } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { wordFilter } from '../../platform/words.js'
import { invite } from '../people/account-mail.js'
import {
  changePerson,
  countPeople,
  createPerson,
  findPerson,
  peopleWhere,
  refuseTakenNumber,
  type NewPerson,
  type Person,
  type PersonChange,
} from '../people/people.js'
import { directoryOrders, type directoryQuery } from './forms.js'
import { PlacementModel } from './models.js'
import { announceMoved, placePeople } from './placing.js'
import { refuseOutranked } from './ranking.js'
import { readPeople, visibleTo } from './scope.js'
import { unitById, unitFor } from './units.js'

const managePeople: Name = 'organisation:manage-people'
export const listPeopleNeeds: Name = 'organisation:list-people'

export type DirectoryQuery = z.infer<typeof directoryQuery>

/** A page of the people an actor may list, found by words, unit and state. One more than shown is fetched. */
export async function listPeople(
  actor: Actor,
  query: DirectoryQuery,
): Promise<{ people: Person[]; total: number }> {
  const filter = listed(actor, query)
  const [people, total] = await Promise.all([
    peopleWhere({
      filter,
      sort: orderOf(directoryOrders, query.sort, 'name'),
      ...windowOf(query),
    }),
    countPeople(filter),
  ])
  return { people, total }
}

/** A person the actor may see. Throws `NotFound` for everybody else, whether there or not. */
export async function visiblePerson(
  actor: Actor,
  id: Id,
  permission: Name = readPeople,
): Promise<Person> {
  const filter = { $and: [visibleTo(actor, permission), { _id: id }] }
  const [person] = await peopleWhere({ filter, limit: 1 })
  if (!person) throw new NotFound()
  return person
}

/** The people of a unit and below whom the actor may list, by name; at most `limit`. */
export function peopleIn(actor: Actor, unit: Id, limit: number): Promise<Person[]> {
  return peopleWhere({
    filter: listed(actor, { unit, status: 'active' }),
    sort: directoryOrders.name,
    limit,
  })
}

export interface PersonForm extends NewPerson {
  readonly unit: Id
  readonly invite: boolean
}

/** Creates an account in a unit the actor manages, and mails the invitation if wanted. */
export async function addPerson(
  actor: Actor,
  { unit, invite: invited, ...given }: PersonForm,
): Promise<Person & { isNew: boolean }> {
  const { institution } = await unitFor(actor, managePeople, unit)
  const person = await createPerson(actor, { ...given, institution })
  if (!person.isNew) return { ...(await visiblePerson(actor, person._id)), isNew: false }
  await placeIn(person._id, unit)
  if (invited) await invite(person._id, person._id)
  return { ...(await findPerson(person._id)), isNew: true }
}

export interface PersonEdit extends PersonChange {
  readonly unit?: Id | undefined
}

/**
 * Changes a person the actor manages. Address and state of somebody with granted roles are for who may grant those roles:
 * else whoever manages a unit could take over its administrator's account.
 */
export async function editPerson(
  actor: Actor,
  person: Person,
  { unit, ...change }: PersonEdit,
): Promise<void> {
  if (givesControl(person, change)) {
    await refuseOutranked(actor, person, {
      permission: 'organisation:grant-roles',
      code: 'organisation:holds-roles',
    })
  }
  if (unit && unit !== person.unit) {
    const { institution } = await unitFor(actor, managePeople, unit)
    await refuseTakenNumber(person, change.staffNumber ?? person.staffNumber, institution)
    await placeIn(person._id, unit)
  }
  await changePerson(actor, person._id, change)
  if (change.status && change.status !== person.status) await announceMoved([person._id])
}

/** Mails the invitation again. */
export async function inviteAgain(actor: Actor, person: Person): Promise<void> {
  if (person.status === 'invited') await invite(person._id, randomUUID())
}

/** Puts somebody without a post in a unit from a date on. */
export async function placeIn(person: Id, unit: Id, from: Date = now()): Promise<void> {
  await unitById(unit)
  await PlacementModel.updateMany({ person, to: null, from: { $lt: from } }, { $set: { to: from } })
  await PlacementModel.create({ _id: randomUUID(), person, unit, from, to: null })
  await placePeople([person])
}

/** Some people of different units, for the access test. */
export async function somePeople(): Promise<Person[]> {
  const people = await peopleWhere({
    filter: { status: 'active' },
    sort: directoryOrders.name,
    limit: 500,
  })
  const seen = new Set<Id | undefined>()
  return people.filter(({ unit }) => !seen.has(unit) && seen.add(unit)).slice(0, 6)
}

function listed(
  actor: Actor,
  { q, unit, status }: Pick<DirectoryQuery, 'q' | 'unit' | 'status'>,
): QueryFilter<Person> {
  return {
    $and: [
      visibleTo(actor, listPeopleNeeds),
      ...(unit ? [{ units: unit }] : []),
      status ? { status } : { status: { $ne: 'deactivated' as const } },
      ...(wordFilter(q).$and ?? []),
    ],
  }
}

const givesControl = (person: Person, { email, status }: PersonChange): boolean =>
  (email !== undefined && email !== person.email) ||
  (status !== undefined && status !== person.status)
