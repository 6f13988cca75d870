import type { Id } from '../../kernel/contract.js'
import { sendToPerson } from '../../platform/realtime.js'
import { outcomes, RowModel, type Counts, type Import, type Outcome } from './models.js'

export const noCounts: Counts = Object.fromEntries(
  outcomes.map((outcome) => [outcome, 0]),
) as Record<Outcome, number>

export const countOutcomes = (lines: readonly { readonly outcome: Outcome }[]): Counts =>
  Object.fromEntries(
    outcomes.map((outcome) => [outcome, lines.filter((line) => line.outcome === outcome).length]),
  ) as Record<Outcome, number>

export const sum = (a: Counts, b: Counts): Counts =>
  Object.fromEntries(outcomes.map((outcome) => [outcome, a[outcome] + b[outcome]])) as Record<
    Outcome,
    number
  >

/** Has the pages that show an import look again. */
export const tell = ({ by }: Pick<Import, 'by'>): void => sendToPerson(by, 'imports:progress', {})

/** What became of an import's lines, counted anew. */
export async function countedRows(id: Id): Promise<Counts> {
  const found = await RowModel.aggregate<{ _id: Outcome; count: number }>([
    { $match: { import: id } },
    { $group: { _id: '$outcome', count: { $sum: 1 } } },
  ])
  return { ...noCounts, ...Object.fromEntries(found.map(({ _id, count }) => [_id, count])) }
}
