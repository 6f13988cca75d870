import type { QueryFilter } from 'mongoose'
import { Conflict, NotFound } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { isDuplicateKey } from '../../platform/database.js'
import { totalOf } from '../../platform/totals.js'
import { audit, auditEach } from './audit.js'
import {
  accountOf,
  changesOf,
  normalisedEmail,
  personFrom,
  type NewPerson,
  type PersonChange,
} from './describing.js'
import { toCompare } from './likeness.js'
import { PersonModel, type Person, type PersonStatus } from './models.js'
import { changeHeld, shutOut } from './sessions.js'

export type { Person, PersonStatus, Theme } from './models.js'
export type { NewPerson, PersonChange } from './describing.js'

/** Enough of a person to name them. */
export interface PersonName {
  readonly id: Id
  readonly name: string
  readonly email?: string
}

/** The person of an id, deactivated ones too. Access is the caller's to judge. Throws `NotFound`. */
export async function findPerson(id: Id): Promise<Person> {
  const person = await PersonModel.findById(id).lean<Person>()
  if (!person) throw new NotFound()
  return person
}

/** The person who signs in with this address, if any. */
export async function personByEmail(email: string): Promise<Person | null> {
  const found = await PersonModel.findOne({ email: normalisedEmail(email) }).lean<Person>()
  return found && staying(found)
}

/** Whoever may sign in by a staff number: one person in each institution at most. */
export async function peopleByStaffNumber(typed: string): Promise<Person[]> {
  const number = typed.trim().normalize('NFC')
  const found = await PersonModel.find({
    staffNumber: { $in: [number, number.toUpperCase()] },
  }).lean<Person[]>()
  const people = await Promise.all(found.map(staying))
  return [...new Map(people.map((person) => [person._id, person])).values()]
}

/** The account that stays, where one was merged into another: its old address and number lead there. */
const staying = async (person: Person): Promise<Person> =>
  person.mergedInto ? findPerson(person.mergedInto) : person

/** Names by id, for ids that came from records the reader may see. */
export async function peopleNamed(ids: readonly Id[]): Promise<Map<Id, PersonName>> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return new Map()
  const found = await PersonModel.find({ _id: { $in: wanted } }, { name: 1, email: 1 }).lean<
    Pick<Person, '_id' | 'name' | 'email'>[]
  >()
  return new Map(found.map(({ _id, ...named }) => [_id, { id: _id, ...named }]))
}

const withoutSecrets = { passwordHash: 0, words: 0 } as const

export interface PeopleQuery {
  /** Made by `visibleTo`: this module has no idea of who may see whom. */
  readonly filter: QueryFilter<Person>
  readonly sort?: Readonly<Record<string, 1 | -1>>
  readonly skip?: number
  readonly limit?: number
  readonly fields?: Readonly<Record<string, 0 | 1>>
}

/** The people of a filter that organisation's scope made, without their secrets. */
export async function peopleWhere(wanted: PeopleQuery): Promise<Person[]> {
  const { filter, sort, skip, limit, fields = withoutSecrets } = wanted
  const query = PersonModel.find(filter, fields)
  if (sort) query.sort(sort)
  if (skip) query.skip(skip)
  if (limit) query.limit(limit)
  return query.lean<Person[]>()
}

/** The people of such a filter in an order, two hundred at a time: for whoever stops when enough were found. */
export async function* peopleInTurn(
  filter: QueryFilter<Person>,
  order: Readonly<Record<string, 1 | -1>>,
): AsyncGenerator<Person[]> {
  const cursor = PersonModel.find(filter, withoutSecrets)
    .sort(order)
    .lean<Person>()
    .cursor({ batchSize: inTurn })
  let some: Person[] = []
  for await (const person of cursor) {
    some.push(person)
    if (some.length < inTurn) continue
    yield some
    some = []
  }
  if (some.length > 0) yield some
}

const inTurn = 200

/** Where a person belongs today, if there is such a person. */
export const personPlace = (
  id: Id,
): Promise<Pick<Person, '_id' | 'unit' | 'units' | 'institution' | 'manager'> | null> =>
  PersonModel.findById(id, { unit: 1, units: 1, institution: 1, manager: 1 }).lean<Person>().exec()

/** The institutions to which some people belong today, each by who belongs to it. */
export async function institutionsOf(ids: readonly Id[]): Promise<ReadonlyMap<Id, Id | undefined>> {
  const found = await PersonModel.find({ _id: { $in: [...ids] } }, { institution: 1 }).lean<
    Pick<Person, '_id' | 'institution'>[]
  >()
  return new Map(found.map(({ _id, institution }) => [_id, institution]))
}

/** How many people a filter of organisation's scope holds. */
export const countPeople = (filter: QueryFilter<Person>): Promise<number> =>
  totalOf(PersonModel, filter)

/** Creates an account, invited until a password is set. Throws `Conflict('people:email-taken')`. */
export async function createPerson(
  actor: Actor,
  given: NewPerson,
): Promise<Person & { isNew: boolean }> {
  const person = personFrom(given)
  try {
    await PersonModel.create(person)
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
    return { ...(await alreadyCreated(person)), isNew: false }
  }
  await audit(actor, 'people:created', {
    object: person._id,
    details: { account: accountOf(person) },
  })
  return { ...person, isNew: true }
}

/** Creates the accounts that are not there yet, of ids the caller chose. Addresses must be free. */
export async function createPeople(
  actor: Actor,
  given: readonly (NewPerson & { readonly id: Id; readonly status?: PersonStatus })[],
): Promise<void> {
  const known = await PersonModel.find({ _id: { $in: given.map(({ id }) => id) } }, { _id: 1 })
    .lean<{ _id: Id }[]>()
    .exec()
  const there = new Set(known.map(({ _id }) => _id))
  const people = given
    .filter(({ id }) => !there.has(id))
    .map(({ status, ...person }) => ({ ...personFrom(person), ...(status && { status }) }))
  await PersonModel.insertMany(people)
  await auditEach(
    actor,
    'people:created',
    people.map((person) => ({ object: person._id, details: { account: accountOf(person) } })),
  )
}

/**
 * Changes what is given of a person; deactivating also ends the sessions. Throws `Conflict('people:email-taken')`,
 * and `people:merged` for an account that was merged into another.
 */
export async function changePerson(actor: Actor, id: Id, change: PersonChange): Promise<Person> {
  const before = await findPerson(id)
  if (before.mergedInto) throw new Conflict('people:merged')
  const set = changesOf(before, change)
  if (Object.keys(set).length === 0) return before
  try {
    await PersonModel.updateOne(
      { _id: id },
      { $set: { ...set, ...toCompare(set), ...leaving(before, set) }, ...returning(before, set) },
    )
  } catch (error) {
    throw isDuplicateKey(error) ? await taken({ ...before, ...set }, error) : error
  }
  const after = { ...before, ...set }
  await carryOver(before, after)
  await audit(actor, 'people:changed', { object: id, details: told(set) })
  return after
}

/** Where somebody belongs, as organisation works it out. */
export interface PersonPlace {
  readonly unit: Id | null
  readonly units: readonly Id[]
  readonly institution: Id | null
  readonly manager: Id | null
}

/** Writes where people belong, and carries their institution into their sessions. */
export async function writePlaces(places: ReadonlyMap<Id, PersonPlace>): Promise<void> {
  if (places.size === 0) return
  await PersonModel.bulkWrite(
    [...places].map(([_id, place]) => ({
      updateOne: { filter: { _id }, update: placeUpdate(place) },
    })),
    { ordered: false },
  )
  const institutions = new Set([...places.values()].map(({ institution }) => institution))
  for (const institution of institutions) {
    if (institution === null) continue
    const people = [...places].filter(([, place]) => place.institution === institution)
    await changeHeld(
      people.map(([id]) => id),
      { institution },
    )
  }
}

function placeUpdate({ unit, units, institution, manager }: PersonPlace) {
  const known = { ...(unit && { unit }), ...(institution && { institution }) }
  const gone = { ...(!unit && { unit: 1 }), ...(!institution && { institution: 1 }) }
  return {
    $set: { units: [...units], manager, ...known },
    ...(Object.keys(gone).length > 0 && { $unset: gone }),
  }
}

/** Sets how many notifications a person has not read, where the pages read it. */
export async function setUnread(person: Id, unread: number): Promise<void> {
  await PersonModel.updateOne({ _id: person }, { $set: { unread } })
  await changeHeld([person], { unread })
}

/** The same form sent twice finds its person; another's address or staff number is refused. */
async function alreadyCreated(person: Person): Promise<Person> {
  const { _id, email = null } = person
  const same = await PersonModel.findOne({ _id, email }).lean<Person>()
  if (!same) throw await taken(person)
  return same
}

/** What of a person belongs to somebody else already. */
async function taken({ _id, email }: Person, cause?: unknown): Promise<Conflict> {
  const others = email && (await PersonModel.exists({ email, _id: { $ne: _id } }))
  return others
    ? takenField('email', 'people:email-taken', cause)
    : takenField('staffNumber', 'people:staff-number-taken', cause)
}

const takenField = (path: string, code: string, cause?: unknown): Conflict =>
  new Conflict(code, { errors: [{ path, code }] }, { cause })

/** A staff number is one person's in an institution. Throws `Conflict('people:staff-number-taken')`. */
export async function refuseTakenNumber(
  person: Person,
  staffNumber: string | undefined,
  institution: Id,
): Promise<void> {
  if (!staffNumber) return
  const other = { institution, staffNumber, _id: { $ne: person._id } }
  if (await PersonModel.exists(other)) throw takenField('staffNumber', 'people:staff-number-taken')
}

/** Whoever is deactivated before the day, or without one, left now. */
function leaving({ leavesAt }: Person, { status }: Partial<Person>): Pick<Person, 'leavesAt'> {
  const at = now()
  if (status !== 'deactivated' || (leavesAt && leavesAt < at)) return {}
  return { leavesAt: at }
}

/** Whoever comes back does not leave again by the date of before. */
const returning = (before: Person, { status }: Partial<Person>) =>
  before.status === 'deactivated' && status ? { $unset: { leavesAt: 1 } } : {}

async function carryOver(before: Person, after: Person): Promise<void> {
  const { name, language, theme, timeZone } = after
  await changeHeld([after._id], { name, language, theme, timeZone })
  if (after.status === 'deactivated' && before.status !== 'deactivated') {
    await shutOut(after._id)
  }
}

function told({
  words: _,
  name: __,
  likeness: ___,
  ...set
}: Partial<Person>): Record<string, string> {
  return Object.fromEntries(Object.entries(set).map(([key, value]) => [key, String(value)]))
}
