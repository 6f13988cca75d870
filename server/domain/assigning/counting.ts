import type { z } from 'zod'
import type { Id } from '../../kernel/contract.js'
import { earliest, now } from '../../platform/clock.js'
import { isPastDue, nextDue, talliesChanged, type Tally } from '../../platform/tallies.js'
import { ObligationModel, type Obligation } from './models.js'
import type { counts } from './shown.js'

type Counts = z.input<typeof counts>

interface Row {
  readonly _id: { readonly of: Id; readonly status: Obligation['status']; readonly late: boolean }
  readonly count: number
  /** The next day on which one of them becomes late. */
  readonly next: Date | null
}

/** How many people an assignment has reached and how far those have come. */
export const assignmentTally: Tally<Counts> = {
  id: 'assigning:assignment',
  async compute(assignments) {
    const rows = await rowsOf(assignments)
    return new Map(
      assignments.map((id) => {
        const own = rows.filter(({ _id }) => _id.of === id)
        const value = countsIn(own)
        const until = earliest(own.map(({ _id, next }) => (_id.status === 'open' ? next : null)))
        return [id, { value, size: value.people, until }]
      }),
    )
  },
}

/** Says that what some assignments have come to has changed. */
export const assignmentsMoved = (assignments: readonly Id[]): Promise<void> =>
  talliesChanged(assignmentTally, assignments)

function rowsOf(assignments: readonly Id[]): Promise<Row[]> {
  const at = now()
  return ObligationModel.aggregate<Row>([
    { $match: { 'sources.assignment': { $in: [...assignments] } } },
    { $unwind: '$sources' },
    { $match: { 'sources.assignment': { $in: [...assignments] } } },
    {
      $group: {
        _id: {
          of: '$sources.assignment',
          status: '$status',
          late: isPastDue(at),
        },
        count: { $sum: 1 },
        next: nextDue(at),
      },
    },
  ]).exec()
}

function countsIn(rows: readonly Row[]): Counts {
  const where = (holds: (row: Row['_id']) => boolean): number =>
    rows.filter(({ _id }) => holds(_id)).reduce((sum, { count }) => sum + count, 0)
  return {
    people: where(() => true),
    open: where(({ status }) => status === 'open'),
    late: where(({ status, late }) => status === 'open' && late),
    met: where(({ status }) => status === 'met'),
    exempt: where(({ status }) => status === 'exempt'),
  }
}

/** Of an assignment that has reached nobody yet. */
export const nobodyReached: Counts = countsIn([])
