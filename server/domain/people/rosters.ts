import type { Actor, Id } from '../../kernel/contract.js'
import { insertMissing, isDuplicateKey } from '../../platform/database.js'
import { auditEach } from './audit.js'
import { accountOf, personFrom, type NewPerson } from './describing.js'
import { toCompare } from './likeness.js'
import { PersonModel, RoleGrantModel, type Person, type RoleGrant } from './models.js'
import { changeHeld, shutOut } from './sessions.js'

/** A person as rosters are compared with: whether there is a password, never the password's hash. */
export interface Listed extends Person {
  readonly hasPassword: boolean
}

export interface Keys {
  readonly institution: Id
  readonly staffNumbers: readonly string[]
  readonly emails: readonly string[]
}

/** Whoever has one of these staff numbers in an institution, or one of these addresses anywhere. */
export async function peopleCalled({ institution, staffNumbers, emails }: Keys): Promise<Listed[]> {
  const [numbered, addressed] = await Promise.all([
    PersonModel.find({ institution, staffNumber: { $in: [...staffNumbers] } }).lean<Person[]>(),
    PersonModel.find({ email: { $in: [...emails] } }).lean<Person[]>(),
  ])
  const found = new Map([...numbered, ...addressed].map((person) => [person._id, person]))
  return [...found.values()].map(({ passwordHash, ...person }) => ({
    ...person,
    hasPassword: passwordHash !== undefined,
  }))
}

/** The roles that some people hold or will hold at a moment. */
export const rolesOfPeople = (people: readonly Id[], at: Date): Promise<RoleGrant[]> =>
  RoleGrantModel.find({ person: { $in: [...people] }, $or: [{ to: null }, { to: { $gt: at } }] })
    .lean<RoleGrant[]>()
    .exec()

/** Every role that was ever granted to some people. */
export const rolesEverGranted = (people: readonly Id[]): Promise<RoleGrant[]> =>
  RoleGrantModel.find({ person: { $in: [...people] } })
    .lean<RoleGrant[]>()
    .exec()

/** A person of a roster, of an id the caller chose. */
export type NewListed = NewPerson &
  Pick<Person, 'status'> & {
    readonly id: Id
    readonly leavesAt?: Date
    /** Where somebody without a post belongs from the start; others are placed once they are there. */
    readonly place?: { readonly unit: Id; readonly units: Id[] }
  }

/** Creates the accounts that are not there yet. Answers whose number or address somebody else took meanwhile. */
export async function createListed(actor: Actor, given: readonly NewListed[]): Promise<Id[]> {
  if (given.length === 0) return []
  const known = await idsAmong(given.map(({ id }) => id))
  const people = given
    .filter(({ id }) => !known.has(id))
    .map(({ status, leavesAt, place, ...person }) => ({
      ...personFrom(person),
      ...place,
      status,
      ...(leavesAt && { leavesAt }),
    }))
  await insertMissing(PersonModel, people)
  const there = await idsAmong(people.map(({ _id }) => _id))
  await auditEach(
    actor,
    'people:created',
    people
      .filter(({ _id }) => there.has(_id))
      .map((person) => ({ object: person._id, details: { account: accountOf(person) } })),
  )
  return people.flatMap(({ _id }) => (there.has(_id) ? [] : [_id]))
}

/** Fields of a person; null where there is none. */
export type Fields = { readonly [K in keyof Person]?: Person[K] | null }

export interface ListedChange {
  readonly id: Id
  readonly fields: Fields
}

/** Writes fields of people, and ends the sessions of those who are deactivated. Answers as `createListed` does. */
export async function changeListed(actor: Actor, changes: readonly ListedChange[]): Promise<Id[]> {
  if (changes.length === 0) return []
  const refused = await written(changes)
  for (const { id, fields } of changes) await carryOver(id, fields)
  const done = changes.filter(({ id }) => !refused.includes(id))
  await auditEach(
    actor,
    'people:changed',
    done.map(({ id, fields }) => ({ object: id, details: told(fields) })),
  )
  return refused
}

/** Removes accounts that nothing was built on, with the roles granted to them. */
export async function removeListed(actor: Actor, ids: readonly Id[]): Promise<void> {
  if (ids.length === 0) return
  const people = { $in: [...ids] }
  await RoleGrantModel.deleteMany({ person: people })
  const { deletedCount } = await PersonModel.deleteMany({ _id: people })
  if (deletedCount > 0) {
    await auditEach(
      actor,
      'people:removed',
      ids.map((object) => ({ object })),
    )
  }
}

/** Takes roles back as if they had not been granted. */
export const removeRoles = async (ids: readonly Id[]): Promise<void> => {
  if (ids.length > 0) await RoleGrantModel.deleteMany({ _id: { $in: [...ids] } })
}

/** People as they are kept, whole, by id: to judge what was built on them. */
export const listedPeople = (ids: readonly Id[]): Promise<Person[]> =>
  PersonModel.find({ _id: { $in: [...ids] } }, { passwordHash: 0 })
    .lean<Person[]>()
    .exec()

async function idsAmong(ids: readonly Id[]): Promise<Set<Id>> {
  const found = await PersonModel.find({ _id: { $in: [...ids] } }, { _id: 1 }).lean<{ _id: Id }[]>()
  return new Set(found.map(({ _id }) => _id))
}

async function written(changes: readonly ListedChange[]): Promise<Id[]> {
  const updates = changes.map(({ id, fields }) => ({
    updateOne: { filter: { _id: id }, update: updateOf(fields) },
  }))
  try {
    await PersonModel.bulkWrite(updates, { ordered: false })
    return []
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
    const failed = (error as { writeErrors?: readonly { readonly index: number }[] }).writeErrors
    return (failed ?? []).flatMap(({ index }) => changes[index]?.id ?? [])
  }
}

function updateOf(fields: Fields) {
  const all = Object.entries({ ...fields, ...toCompare(fields) })
  const gone = all.filter(([, value]) => value === null).map(([key]) => [key, 1])
  const set = all.filter(([, value]) => value !== null)
  return {
    ...(set.length > 0 && { $set: Object.fromEntries(set) as Record<string, unknown> }),
    ...(gone.length > 0 && { $unset: Object.fromEntries(gone) as Record<string, 1> }),
  }
}

async function carryOver(id: Id, { name, language, status }: Fields): Promise<void> {
  if (name || language) {
    await changeHeld([id], { ...(name && { name }), ...(language && { language }) })
  }
  if (status !== 'deactivated') return
  await shutOut(id)
}

const told = ({ words: _, name: __, likeness: ___, ...fields }: Fields): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      value instanceof Date ? value.toISOString() : String(value ?? ''),
    ]),
  )
