import type { Id } from '../../kernel/contract.js'
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { giveWay } from '../../platform/giving-way.js'
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

/** How long others have the machine for each moment that a batch had it. */
const share = 0.2

/** Does a piece of work, then leaves the store and the pages to others for a while. */
export async function inTurns(work: () => Promise<void>): Promise<void> {
  const began = performance.now()
  await work()
  await pause((performance.now() - began) * share)
  await giveWay()
}

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
