import { randomUUID } from 'node:crypto'
import { NotFound } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { auditEach } from './audit.js'
import { LettersModel, PersonModel, type Letters, type Person } from './models.js'
import { hashPassword } from './passwords/passwords.js'
import { seal, unseal } from './sealing.js'
import { typedSecret } from './typed-secrets.js'

const day = 86_400_000
const purpose = 'people:letters'
/** How long a first password works, and how long its letter can be printed again. */
const works = 60 * day
const printable = day

/** A letter to somebody without an address: what to sign in with the first time. */
export interface Letter {
  readonly person: Person
  readonly password: string
}

/**
 * Makes first passwords for invited people, and keeps their letters for a day for whoever made them, sealed under a key
 * that the database does not hold. A person who had a letter before has only the new one. Nothing for nobody.
 */
export async function makeLetters(actor: Actor, people: readonly Id[]): Promise<Id | undefined> {
  const due = await PersonModel.find(
    { _id: { $in: [...people] }, status: 'invited' },
    { _id: 1 },
  ).lean<{ _id: Id }[]>()
  if (due.length === 0 || !actor.person) return undefined
  const made = due.map(({ _id }) => ({ person: _id, password: typedSecret() }))
  const expiresAt = new Date(Number(now()) + works)
  const hashes = await Promise.all(made.map(({ password }) => hashPassword(password)))
  await PersonModel.bulkWrite(
    made.map(({ person }, at) => ({
      updateOne: {
        filter: { _id: person, status: 'invited' as const },
        update: { $set: { firstPassword: { hash: hashes[at] ?? '', expiresAt } } },
      },
    })),
  )
  const _id = randomUUID()
  await LettersModel.create({
    _id,
    by: actor.person,
    people: due.map((one) => one._id),
    sealed: seal(purpose, JSON.stringify(made)),
    expiresAt: new Date(Number(now()) + printable),
  })
  await auditEach(
    actor,
    'people:letter-made',
    due.map((one) => ({ object: one._id })),
  )
  return _id
}

/** The letters that the actor made within the last day. Throws `NotFound` for everybody else, and afterwards. */
export async function openLetters(actor: Actor, id: Id): Promise<Letter[]> {
  const found = await LettersModel.findOne({
    _id: id,
    by: actor.person ?? '',
    expiresAt: { $gt: now() },
  }).lean<Letters>()
  if (!found) throw new NotFound()
  const made = JSON.parse(unseal(purpose, found.sealed)) as { person: Id; password: string }[]
  const people = await PersonModel.find({ _id: { $in: found.people } }).lean<Person[]>()
  const byId = new Map(people.map((person) => [person._id, person]))
  return made.flatMap(({ person, password }) => {
    const whose = byId.get(person)
    return whose?.status === 'invited' ? [{ person: whose, password }] : []
  })
}

/** Those among some people who are invited, have no address, and no letter that still works; at most `limit`. */
export async function withoutLetter(people: readonly Id[], limit: number): Promise<Id[]> {
  const found = await PersonModel.find(
    {
      _id: { $in: [...people] },
      status: 'invited',
      email: null,
      $or: [{ firstPassword: null }, { 'firstPassword.expiresAt': { $lte: now() } }],
    },
    { _id: 1 },
  )
    .limit(limit)
    .lean<{ _id: Id }[]>()
  return found.map(({ _id }) => _id)
}

/** Removes letters past their time. */
export async function removeOldLetters(): Promise<void> {
  await LettersModel.deleteMany({ expiresAt: { $lte: now() } })
}
