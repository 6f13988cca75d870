import type { z } from 'zod'
import type { Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { ObligationModel, type Obligation } from './models.js'
import type { counts } from './shown.js'

type Counts = z.input<typeof counts>

interface Row {
  readonly _id: { readonly of: Id; readonly status: Obligation['status']; readonly late: boolean }
  readonly count: number
}

/** How many people some assignments have reached and how far those have come; the answer gives it by assignment. */
export async function countsOf(assignments: readonly Id[]): Promise<(assignment: Id) => Counts> {
  const rows = await ObligationModel.aggregate<Row>([
    { $match: { 'sources.assignment': { $in: [...assignments] } } },
    { $unwind: '$sources' },
    { $match: { 'sources.assignment': { $in: [...assignments] } } },
    {
      $group: {
        _id: {
          of: '$sources.assignment',
          status: '$status',
          late: { $and: [{ $gt: ['$dueAt', null] }, { $lt: ['$dueAt', now()] }] },
        },
        count: { $sum: 1 },
      },
    },
  ])
  return (assignment) => {
    const own = rows.filter(({ _id }) => _id.of === assignment)
    const where = (holds: (row: Row['_id']) => boolean): number =>
      own.filter(({ _id }) => holds(_id)).reduce((sum, { count }) => sum + count, 0)
    return {
      people: where(() => true),
      open: where(({ status }) => status === 'open'),
      late: where(({ status, late }) => status === 'open' && late),
      met: where(({ status }) => status === 'met'),
      exempt: where(({ status }) => status === 'exempt'),
    }
  }
}
