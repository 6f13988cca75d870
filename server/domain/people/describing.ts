import { randomUUID } from 'node:crypto'
import type { Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { wordsOf } from '../../platform/words.js'
import { likenessOf } from './likeness.js'
import type { Person, PersonStatus, Theme } from './models.js'

export interface NewPerson {
  /** A form's hidden id: sent twice, it creates once. */
  readonly id?: Id | undefined
  readonly givenName: string
  readonly familyName: string
  readonly email?: string | undefined
  readonly staffNumber?: string | undefined
  /** Where the staff number is unique. */
  readonly institution?: Id | undefined
  readonly language: string
  readonly timeZone?: string | undefined
  readonly passwordHash?: string | undefined
}

export interface PersonChange {
  readonly givenName?: string | undefined
  readonly familyName?: string | undefined
  readonly email?: string | undefined
  readonly staffNumber?: string | undefined
  readonly language?: string | undefined
  readonly timeZone?: string | undefined
  readonly theme?: Theme | undefined
  readonly status?: PersonStatus | undefined
}

/** How an address is kept and compared. */
export const normalisedEmail = (email: string): string =>
  email.trim().normalize('NFC').toLowerCase()

/** What a person signs in with. */
export const accountOf = ({ email, staffNumber }: Pick<Person, 'email' | 'staffNumber'>): string =>
  email ?? staffNumber ?? ''

/** A new person as it is kept: invited until there is a password. */
export function personFrom(given: NewPerson): Person {
  const { givenName, familyName, staffNumber, institution, passwordHash } = given
  const email = given.email && normalisedEmail(given.email)
  return {
    _id: given.id ?? randomUUID(),
    givenName,
    familyName,
    name: nameOf(given),
    ...(email && { email }),
    ...(staffNumber && { staffNumber }),
    language: given.language,
    theme: 'system',
    timeZone: given.timeZone ?? 'UTC',
    status: passwordHash ? 'active' : 'invited',
    ...(passwordHash && { passwordHash }),
    units: [],
    ...(institution && { institution }),
    manager: null,
    words: searchedBy({ givenName, familyName, email, staffNumber }),
    likeness: likenessOf({ givenName, familyName, email, staffNumber }),
    uncompared: true,
    unread: 0,
    createdAt: now(),
  }
}

/** What of a change is new to a person, with all that follows from it: the name, what it is found and compared by. */
export function changesOf(before: Person, change: PersonChange): Partial<Person> {
  const given = Object.fromEntries(
    Object.entries({
      ...change,
      ...(change.email && { email: normalisedEmail(change.email) }),
    }).filter(([key, value]) => value !== undefined && value !== before[key as keyof Person]),
  ) as Partial<Person>
  if (Object.keys(given).length === 0) return given
  const after = { ...before, ...given }
  const likeness = likenessOf(after)
  return {
    ...given,
    name: nameOf(after),
    words: searchedBy(after),
    ...(likeness.join() !== before.likeness?.join() && { likeness }),
  }
}

const nameOf = ({ givenName, familyName }: Pick<Person, 'givenName' | 'familyName'>): string =>
  `${givenName} ${familyName}`

const searchedBy = (person: {
  readonly givenName: string
  readonly familyName: string
  readonly email?: string | undefined
  readonly staffNumber?: string | undefined
}): string[] =>
  wordsOf(person.familyName, person.givenName, person.email?.split('@')[0], person.staffNumber)
