import type { Id } from '../../kernel/contract.js'
import { peopleNamed } from '../people/people.js'

/** Who did something, and for whom a deputy did it. */
export interface Doer {
  readonly name: string
  readonly actedFor: string | null
}

/** Reads some names; the answer says who acted, by these ids. */
export async function namesOf(
  ids: readonly (Id | undefined)[],
): Promise<(by: Id, actedFor?: Id) => Doer> {
  const names = await peopleNamed(ids.flatMap((id) => id ?? []))
  const nameOf = (id: Id): string => names.get(id)?.name ?? ''
  return (by, actedFor) => ({ name: nameOf(by), actedFor: actedFor ? nameOf(actedFor) : null })
}
