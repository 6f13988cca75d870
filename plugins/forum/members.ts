import { Forbidden, peopleNamed, type Actor, type Id } from '#core'

/** The person who acts; a job writes no posts. Throws `Forbidden`. */
export function personOf({ person }: Actor): Id {
  if (!person) throw new Forbidden()
  return person
}

/** Names of authors, for posts the reader may see; those who are gone are nameless. */
export async function namesOf(ids: readonly Id[]): Promise<(id: Id) => string> {
  const named = await peopleNamed(ids)
  return (id) => named.get(id)?.name ?? ''
}
