import type { Id } from '../../kernel/contract.js'
import { enrolmentsOf } from '../learning/enrolments.js'
import { placementsOf, postsOfPeople, type Placement, type Post } from '../organisation/rosters.js'
import type { Person } from '../people/people.js'
import { listedPeople, rolesEverGranted, type Fields } from '../people/rosters.js'
import type { Written } from './writing.js'

/** Why an import cannot be undone for somebody. */
export type Reason = 'signed-in' | 'enrolled' | 'moved-since' | 'changed-since'

export interface BuiltOn {
  readonly name: string
  readonly reason: Reason
}

interface Found {
  readonly people: ReadonlyMap<Id, Person>
  readonly enrolled: ReadonlySet<Id>
  readonly placements: readonly Placement[]
  readonly posts: readonly Post[]
  readonly roles: readonly { readonly _id: Id; readonly person: Id }[]
}

/** The people of some lines on whose account, place or posts somebody has built since. */
export async function builtOn(rows: readonly Written[]): Promise<BuiltOn[]> {
  const ids = rows.flatMap(({ person }) => person ?? [])
  const created = rows.flatMap(({ steps }) => steps.person?.id ?? [])
  const [people, enrolments, placements, posts, roles] = await Promise.all([
    listedPeople(ids),
    enrolmentsOf(created),
    placementsOf(ids),
    postsOfPeople(ids),
    rolesEverGranted(created),
  ])
  const found: Found = {
    people: new Map(people.map((person) => [person._id, person])),
    enrolled: new Set(enrolments.map(({ person }) => person)),
    ...{ placements, posts, roles },
  }
  return rows.flatMap((row) => {
    const reason = reasonFor(row, found)
    return reason ? [{ name: row.name, reason }] : []
  })
}

function reasonFor(row: Written, found: Found): Reason | undefined {
  const { steps, person: id } = row
  const person = id ? found.people.get(id) : undefined
  // Without an account there is nothing to take back: it was erased, or this was undone before a crash.
  if (!person) return undefined
  if (steps.person) {
    if (person.lastSignInAt || person.status === 'active') return 'signed-in'
    if (found.enrolled.has(person._id)) return 'enrolled'
    if (hasOtherRole(row, found)) return 'changed-since'
  }
  if (movedSince(row, person._id, found)) return 'moved-since'
  return steps.fields && !isAs(person, steps.fields.after) ? 'changed-since' : undefined
}

const hasOtherRole = ({ steps, person }: Written, { roles }: Found): boolean =>
  roles.some((role) => role.person === person && role._id !== steps.role?.id)

/** A placement or a post that neither was there before nor is this import's, or one that has changed since. */
function movedSince({ steps }: Written, person: Id, { placements, posts }: Found): boolean {
  const { house } = steps
  const first = Math.min(
    ...[...house.placements, ...house.holders].map(({ from }) => Number(from)),
    ...[...house.endedPlacements, ...house.endedHolders].map(({ to, from }) => Number(to ?? from)),
  )
  const own = new Set([
    ...house.placements.map(({ _id }) => _id),
    ...house.endedPlacements.map(({ id }) => id),
  ])
  const held = new Set([
    ...house.holders.map(({ post, from }) => `${post} ${Number(from)}`),
    ...house.endedHolders.map(({ id, from }) => `${id} ${Number(from)}`),
  ])
  const placed = placements.some(
    (one) => one.person === person && !own.has(one._id) && Number(one.from) > first,
  )
  const posted = posts.some(({ _id, holders }) =>
    holders.some(
      (one) =>
        one.person === person &&
        Number(one.from) >= first &&
        !held.has(`${_id} ${Number(one.from)}`),
    ),
  )
  return placed || posted
}

const isAs = (person: Person, fields: Fields): boolean =>
  Object.entries(fields).every(
    ([key, value]) => JSON.stringify(person[key as keyof Person] ?? null) === JSON.stringify(value),
  )
