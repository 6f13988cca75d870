import { Conflict } from '../../errors.js'
import type { Actor } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import type { PlacedActivity } from './activities.js'
import type { Progress } from './contract.js'
import type { Attempt } from './models.js'
import { openActivity } from './playing.js'
import { recordProgress } from './progress.js'

/** What a page of our own says of its reader. */
export interface StepReport {
  readonly done: boolean
  /** Since the page was opened, before the reader's eyes. */
  readonly seconds: number
}

/**
 * Records that a page, a file, a video or a discussion was seen, or is done. Once done, nothing more is added.
 * Throws `learning:said-by-content` for a package: what it reports comes through its player alone.
 */
export async function reportStep(
  actor: Actor,
  placed: PlacedActivity,
  report: StepReport,
): Promise<void> {
  if (placed.activity.kind === 'package') throw new Conflict('learning:said-by-content')
  const { attempt } = await openActivity(actor, placed, { preview: false })
  const before = (attempt as Attempt).progress
  if (before?.completion === 'completed' || (before && !report.done)) return
  await recordProgress(attempt._id, progressFrom(before, report))
}

const progressFrom = (before: Progress | undefined, { done, seconds }: StepReport): Progress => ({
  completion: done ? 'completed' : 'incomplete',
  success: 'unknown',
  seconds: (before?.seconds ?? 0) + seconds,
  savedAt: now(),
  assurance: 'declared',
})
