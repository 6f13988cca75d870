import type { Id } from '../../kernel/contract.js'
import { placementsOf } from '../organisation/rosters.js'
import { unitById } from '../organisation/units.js'
import { peopleCalled, rolesOfPeople } from '../people/rosters.js'
import type { Wanted } from './checking.js'
import type { House } from './house.js'
import type { Known } from './planning.js'

/** Reads all that is to be known of the people of some lines. */
export async function knowing(house: House, wanted: readonly Wanted[], at: Date): Promise<Known> {
  const people = await peopleCalled({
    institution: house.root.institution,
    staffNumbers: wanted.flatMap(({ staffNumber }) => staffNumber ?? []),
    emails: wanted.flatMap(({ email }) => email ?? []),
  })
  const ids = people.map(({ _id }) => _id)
  const [placements, roles] =
    ids.length > 0 ? await Promise.all([placementsOf(ids), rolesOfPeople(ids, at)]) : [[], []]
  const { institution } = house.root
  return {
    byNumber: new Map(
      people
        .filter((person) => person.institution === institution)
        .flatMap((person) => (person.staffNumber ? [[person.staffNumber, person]] : [])),
    ),
    byEmail: new Map(people.flatMap((person) => (person.email ? [[person.email, person]] : []))),
    placements: byPerson(placements),
    roles: byPerson(roles),
    unitsOf: await unitsAbove(house, [...new Set(roles.map(({ unit }) => unit))]),
  }
}

function byPerson<T extends { readonly person: Id }>(records: readonly T[]): Map<Id, T[]> {
  const found = new Map<Id, T[]>()
  for (const one of records) found.set(one.person, [...(found.get(one.person) ?? []), one])
  return found
}

/** The units of the house are known; of others, those above are read. */
async function unitsAbove(house: House, ids: readonly Id[]): Promise<Map<Id, readonly Id[]>> {
  const found = await Promise.all(
    ids.map(async (id): Promise<[Id, readonly Id[]]> => {
      const { units } = house.units.get(id) ?? (await unitById(id))
      return [id, units]
    }),
  )
  return new Map(found)
}
