import { NotFound } from '../../errors.js'
import type { Actor, Id, Name } from '../../kernel/contract.js'
import { contributions } from '../../kernel/plugins.js'
import { earliest, now } from '../../platform/clock.js'
import type { Grant } from './access.js'
import { PersonModel, type Held, type Person } from './models.js'

/** What a person may do at a moment, and until when that holds. */
export interface Granted {
  readonly grants: readonly Grant[]
  /** The next start or end date of any of them; null where none is in sight. */
  readonly validUntil: Date | null
}

/** Where grants come from: roles granted and lines of report (organisation), later perhaps others. */
export interface GrantSource {
  readonly id: Name
  grantsOf(person: Id, at: Date): Promise<Granted>
}

declare module '../../kernel/contract.js' {
  interface Contributions {
    grants: GrantSource
  }
}

/** The person as an actor, with the grants held now. Throws `NotFound` for an account that is not active. */
export async function personActor(id: Id): Promise<Actor> {
  const person = await PersonModel.findOne({ _id: id, status: 'active' }).lean<Person>()
  if (!person) throw new NotFound()
  return actorFrom(await holdingOf(person))
}

/** The person that an actor is. Throws `NotFound` for a job, which owns nothing. */
export function ownerOf({ person }: Actor): Id {
  if (!person) throw new NotFound()
  return person
}

/** What a new session or token of this person holds. */
export async function holdingOf(person: Person): Promise<Held> {
  return { ...profileOf(person), revision: 0, ...(await grantsNow(person._id)) }
}

/** Everything the sources grant a person now. */
export async function grantsNow(person: Id): Promise<{ grants: Grant[]; validUntil: Date | null }> {
  const at = now()
  const found = await Promise.all(
    contributions('grants').map((source) => source.grantsOf(person, at)),
  )
  return {
    grants: found.flatMap(({ grants }) => grants),
    validUntil: earliest(found.map(({ validUntil }) => validUntil)) ?? null,
  }
}

/** An actor made of what a session or token holds; reads nothing. */
export const actorFrom = (held: Held, session?: Id): Actor => ({
  kind: 'person',
  name: held.name,
  person: held.person,
  grants: held.grants ?? [],
  language: held.language,
  theme: held.theme,
  timeZone: held.timeZone,
  unread: held.unread,
  ...(held.institution && { institution: held.institution }),
  ...(session && { session }),
})

const profileOf = (person: Person): Omit<Held, 'revision' | 'grants' | 'validUntil'> => ({
  person: person._id,
  name: person.name,
  language: person.language,
  theme: person.theme,
  timeZone: person.timeZone,
  unread: person.unread,
  ...(person.institution && { institution: person.institution }),
})
