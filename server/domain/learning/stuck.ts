import { meets } from './completing.js'
import type { Activity, Attempt, StuckSign } from './models.js'

/** From which attempt at a step on, and from how many visits to the same page, somebody seems to be stuck. */
const manyAttempts = 3
const manyVisits = 3

/** By what one sees that a person is stuck at a step that is not done. Nothing where nothing says so. */
export function signsOf(
  steps: readonly Activity[],
  attempts: readonly Attempt[],
): readonly StuckSign[] {
  const signs = steps.flatMap((step) => {
    const own = attempts.filter(({ activity }) => activity === step.id)
    const isDone = own.some(({ progress }) => meets(step.criterion, progress))
    return isDone ? [] : signsAt(own)
  })
  return [...new Set(signs)].toSorted()
}

function signsAt(attempts: readonly Attempt[]): StuckSign[] {
  const latest = attempts.toSorted((a, b) => b.number - a.number)[0]
  const { visit = 0, since = visit } = latest?.progress?.bookmark ?? {}
  return [
    ...(latest && latest.number >= manyAttempts ? (['many-attempts'] as const) : []),
    ...(visit - since + 1 >= manyVisits ? (['same-page'] as const) : []),
  ]
}
