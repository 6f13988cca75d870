import type { Actor, Id } from '../../kernel/contract.js'
import { giveWay } from '../../platform/giving-way.js'
import {
  placeAround,
  takeBackHouse,
  tellPlaced,
  writeHouse,
  type HouseChange,
} from '../organisation/rosters.js'
import { grantRoles, type GrantableRole } from '../people/roles.js'
import {
  changeListed,
  createListed,
  removeListed,
  removeRoles,
  type ListedChange,
} from '../people/rosters.js'
import type { Row, Steps } from './models.js'
import { untouched } from './moving.js'

/** A line with what it changes. */
export interface Written extends Row {
  readonly steps: Steps
}

export const isWritten = (row: Row): row is Written => row.steps !== undefined

/** Writes what lines change, all at once. Written again, it changes nothing. Answers whom somebody else got ahead of. */
export async function writeSteps(actor: Actor, rows: readonly Written[]): Promise<Set<Id>> {
  const late = new Set([
    ...(await createListed(
      actor,
      rows.flatMap(({ steps }) => steps.person ?? []),
    )),
    ...(await changeListed(actor, fieldsOf(rows, 'after'))),
  ])
  const others = rows.filter(({ person }) => !person || !late.has(person))
  const house = together(others)
  await giveWay()
  await writeHouse(house)
  await giveWay()
  await grantRoles(actor, others.flatMap(roleOf))
  await giveWay()
  const [placed, unplaced] = [others.filter(isPlaced), others.filter((row) => !isPlaced(row))]
  await placeAround(peopleOf(unplaced), postsOf(house))
  await tellPlaced(peopleOf(placed))
  return late
}

/** Takes back what lines changed, the last line first. Taken back again, it changes nothing. */
export async function takeBackSteps(actor: Actor, rows: readonly Written[]): Promise<void> {
  const house = together(rows)
  await takeBackHouse(house)
  await giveWay()
  await removeRoles(rows.flatMap(({ steps }) => steps.role?.id ?? []))
  await giveWay()
  await changeListed(actor, fieldsOf(rows, 'before'))
  await removeListed(
    actor,
    rows.flatMap(({ steps }) => steps.person?.id ?? []),
  )
  await placeAround(peopleOf(rows), postsOf(house))
}

const isPlaced = ({ steps }: Written): boolean => steps.person?.place !== undefined

const peopleOf = (rows: readonly Written[]): Id[] => rows.flatMap(({ person }) => person ?? [])

function fieldsOf(rows: readonly Written[], which: 'before' | 'after'): ListedChange[] {
  return rows.flatMap(({ person, steps }) =>
    person && steps.fields ? [{ id: person, fields: steps.fields[which] }] : [],
  )
}

function roleOf({ person, steps }: Written) {
  if (!steps.role || !person) return []
  return [{ ...steps.role, person, role: steps.role.role as GrantableRole }]
}

function together(rows: readonly Written[]): HouseChange {
  const keys = Object.keys(untouched) as (keyof HouseChange)[]
  const all = keys.map((key) => [
    key,
    rows.flatMap(({ steps }): unknown[] => [...steps.house[key]]),
  ])
  return Object.fromEntries(all) as HouseChange
}

/** The posts whose own people, and those below them, may belong elsewhere now. */
const postsOf = ({ posts, rearranged, holders, endedHolders }: HouseChange): Id[] => [
  ...new Set([
    ...posts.map(({ _id }) => _id),
    ...rearranged.map(({ id }) => id),
    ...holders.map(({ post }) => post),
    ...endedHolders.map(({ id }) => id),
  ]),
]
