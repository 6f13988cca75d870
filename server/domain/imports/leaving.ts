import type { Id } from '../../kernel/contract.js'
import type { Ended, HouseChange } from '../organisation/rosters.js'
import { postsHeld, type House } from './house.js'
import type { Standing } from './moving.js'

interface Period {
  readonly person: Id
  readonly from: Date
  readonly to?: Date | null
}

/** A period of a placement or a post that is to end on another day. */
export const ended = (id: Id, { person, from, to }: Period, until: Date | null): Ended => ({
  id,
  person,
  from,
  before: to ?? null,
  to: until,
})

/**
 * Ends on the last day a line names whatever goes beyond it, and what was to begin later at once. Where another last day was known, what was to end on it
 * follows; where the line says that the person stays, it goes on.
 */
export function withEnd(house: House, standing: Standing, change: HouseChange): HouseChange {
  const { wanted, leavesAt, placements, person } = standing
  const until = wanted.until ?? null
  if (!until && !(wanted.stays && leavesAt)) return change
  const concerned = concernedBy(until, leavesAt)
  const last = ({ from }: Period): Date | null => (until && from > until ? from : until)
  const done = new Set([...change.endedPlacements, ...change.endedHolders].map(keyOf))
  const followed = (all: readonly Ended[]): Ended[] => all.filter((one) => !done.has(keyOf(one)))
  const cut = <T extends Period>(one: T): T => (concerned(one) ? { ...one, to: last(one) } : one)
  const belongs = placements.filter(concerned).map((one) => ended(one._id, one, last(one)))
  const holds = postsHeld(house, person).flatMap(({ _id, holders }) =>
    holders
      .filter((one) => one.person === person && one.as === 'holder' && concerned(one))
      .map((one) => ended(_id, one, last(one))),
  )
  return {
    ...change,
    placements: change.placements.map(cut),
    holders: change.holders.map(cut),
    endedPlacements: [...change.endedPlacements, ...followed(belongs)],
    endedHolders: [...change.endedHolders, ...followed(holds)],
  }
}

function concernedBy(until: Date | null, leavesAt: Date | undefined): (period: Period) => boolean {
  return ({ from, to = null }) => {
    const beyond = until !== null && (to === null || to > until) && !isSame(to, from)
    const wasLast = isSame(to, leavesAt) && !isSame(to, until)
    return beyond || wasLast
  }
}

const keyOf = ({ id, from }: Ended): string => `${id} ${Number(from)}`

const isSame = (a: Date | null | undefined, b: Date | null | undefined): boolean =>
  a instanceof Date && b instanceof Date && Number(a) === Number(b)
