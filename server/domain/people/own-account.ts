import { Invalid, NotFound } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { systemActor } from './access.js'
import { ownerOf } from './actors.js'
import { audit } from './audit.js'
import { readLink, useLink } from './links.js'
import { countTry } from './limits.js'
import { PersonModel, type Person } from './models.js'
import { hashPassword, isPassword } from './passwords/passwords.js'
import { requireAcceptable } from './passwords/rules.js'
import { accountOf, normalisedEmail } from './describing.js'
import { changePerson, findPerson, type PersonChange } from './people.js'
import { endSessionsOf, shutOut } from './sessions.js'

/** Whose account a link opens, without using it up. */
export async function whoseLink(
  purpose: 'reset' | 'invitation',
  token: string | undefined,
): Promise<Person> {
  const { person } = await readLink(purpose, token ?? '')
  return findPerson(person ?? '')
}

/** Sets a new password by a mailed link, and ends every session and token: whoever had the old one is out. */
export async function resetPassword(token: string | undefined, password: string): Promise<Person> {
  await requireAcceptable(password, await whoseLink('reset', token))
  const link = await useLink('reset', token ?? '')
  const person = await setPassword(link.person ?? '', password)
  await shutOut(person._id)
  await audit(systemActor('people:reset'), 'people:password-reset', { object: person._id })
  return person
}

/** Sets the first password of an invited account, which is then active. */
export async function acceptInvitation(
  token: string | undefined,
  password: string,
): Promise<Person> {
  await requireAcceptable(password, await whoseLink('invitation', token))
  const link = await useLink('invitation', token ?? '')
  const person = await setPassword(link.person ?? '', password)
  await audit(systemActor('people:invitation'), 'people:invitation-accepted', {
    object: person._id,
  })
  return person
}

/** Changes the actor's password, and ends every other session. Throws `Invalid('people:wrong-password')`. */
export async function changePassword(
  actor: Actor,
  { current, password }: { current: string; password: string },
): Promise<void> {
  const person = await findPerson(ownerOf(actor))
  await requirePassword(person, current)
  await requireAcceptable(password, person)
  await setPassword(person._id, password)
  await endSessionsOf(person._id, actor.session)
  await audit(actor, 'people:password-changed', { object: person._id })
}

/** Throws `Invalid('people:wrong-password')` unless a password is the person's. Counted like a sign-in. */
export async function requirePassword(person: Person, password: string): Promise<void> {
  await countTry(['sign-in-account', normalisedEmail(accountOf(person))])
  if (await isPassword(password, person.passwordHash)) return
  throw new Invalid('people:wrong-password', {
    errors: [{ path: 'current', code: 'people:wrong-password' }],
  })
}

/** The actor's own person. */
export const ownPerson = (actor: Actor): Promise<Person> => findPerson(ownerOf(actor))

/** Changes language, theme or time zone of the actor. */
export async function changePreferences(
  actor: Actor,
  change: Pick<PersonChange, 'language' | 'theme' | 'timeZone'>,
): Promise<void> {
  await changePerson(actor, ownerOf(actor), change)
}

async function setPassword(id: Id, password: string): Promise<Person> {
  const person = await PersonModel.findOneAndUpdate(
    { _id: id, status: { $ne: 'deactivated' } },
    {
      $set: { passwordHash: await hashPassword(password), status: 'active' },
      $unset: { firstPassword: 1 },
    },
    { returnDocument: 'after' },
  ).lean<Person>()
  if (!person) throw new NotFound('people:link-used')
  return person
}
