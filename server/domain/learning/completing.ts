import type { Progress } from './contract.js'
import type { Activity, ActivityProgress, Attempt, Course, Criterion } from './models.js'

/** Whether an activity is done, judged by its criterion. Without any progress nothing is. */
export function meets(criterion: Criterion, progress: Progress | undefined): boolean {
  if (!progress || progress.completion === 'not-attempted') return false
  if (criterion === 'viewed') return true
  if (criterion === 'passed') return progress.success === 'passed'
  return progress.completion === 'completed'
}

/**
 * What two reports of one attempt say together, in whatever order and however often they come. What was reached is
 * never taken back; of the rest, what was saved later counts.
 */
export function merged(before: Progress | undefined, given: Progress): Progress {
  if (!before) return merged(given, given)
  const [earlier, later] = given.savedAt >= before.savedAt ? [before, given] : [given, before]
  const score = mergedScore(earlier, later)
  const items = later.items ?? earlier.items
  const bookmark = mergedBookmark(earlier, later)
  return {
    completion: furthest(completions, earlier.completion, later.completion),
    success: furthest(successes, earlier.success, later.success),
    ...(score && { score }),
    seconds: Math.max(earlier.seconds, later.seconds),
    savedAt: later.savedAt,
    assurance: weakest([earlier.assurance, later.assurance]),
    ...(bookmark && { bookmark }),
    ...(items && { items }),
  }
}

/**
 * What an activity has come to in a cycle: the attempt that counts by the course's rule, and the time of all. One that
 * was superseded counts for nothing.
 */
export function activityProgress(
  { criterion }: Pick<Activity, 'criterion'>,
  attempts: readonly Attempt[],
  { rule, before }: { rule: Course['attempt']; before?: ActivityProgress | undefined },
): ActivityProgress | undefined {
  const begun = attempts.filter(({ progress, status }) => progress && status !== 'superseded')
  const counting = thatCounts(begun, rule, criterion)
  if (!counting?.progress) return undefined
  const { items: _, ...progress } = counting.progress
  const done = meets(criterion, progress)
  const since = before?.done && before.attempt === counting._id ? before.doneAt : undefined
  return {
    ...progress,
    seconds: begun.reduce((sum, attempt) => sum + (attempt.progress?.seconds ?? 0), 0),
    done,
    ...(done && { doneAt: since ?? progress.savedAt }),
    attempt: counting._id,
  }
}

/** The steps that decide whether a course is complete: those required, or all where none is. */
export function deciding(steps: readonly Activity[]): readonly Activity[] {
  const required = steps.filter((step) => step.required)
  return required.length > 0 ? required : steps
}

/** Whether every step that decides is done. A course without steps is never complete. */
export function isComplete(
  steps: readonly Activity[],
  progress: Readonly<Record<string, ActivityProgress>>,
): boolean {
  const wanted = deciding(steps)
  return wanted.length > 0 && wanted.every(({ id }) => progress[id]?.done)
}

/** What a completion records of the steps that decided: when the last was done, how surely, how long, how well. */
export function resultOf(
  steps: readonly Activity[],
  progress: Readonly<Record<string, ActivityProgress>>,
): { at: Date; assurance: Assurance; seconds: number; scaled?: number } {
  const decided = deciding(steps).flatMap(({ id }) => progress[id] ?? [])
  const scores = decided.flatMap(({ score }) => score?.scaled ?? [])
  const times = decided.map(({ doneAt, savedAt }) => Number(doneAt ?? savedAt))
  return {
    at: new Date(Math.max(...times)),
    assurance: weakest(decided.map(({ assurance }) => assurance)),
    seconds: steps.reduce((sum, { id }) => sum + (progress[id]?.seconds ?? 0), 0),
    ...(scores.length > 0 && { scaled: scores.reduce((a, b) => a + b, 0) / scores.length }),
  }
}

type Assurance = Progress['assurance']

const completions = ['not-attempted', 'unknown', 'incomplete', 'completed'] as const
const successes = ['unknown', 'failed', 'passed'] as const
const assuranceOrder: readonly Assurance[] = [
  'declared',
  'server-marked',
  'witnessed',
  'supervised',
]

const furthest = <T>(order: readonly T[], a: T, b: T): T =>
  order.indexOf(a) > order.indexOf(b) ? a : b

const weakest = (given: readonly Assurance[]): Assurance =>
  assuranceOrder.find((one) => given.includes(one)) ?? 'declared'

/** Until an attempt is passed its latest score is shown; from then on the score only rises. */
function mergedScore(earlier: Progress, later: Progress): Progress['score'] {
  const kept = earlier.success === 'passed' && measure(earlier) > measure(later)
  return kept ? earlier.score : (later.score ?? earlier.score)
}

/** At the same place as before, one has been there since then. */
function mergedBookmark(earlier: Progress, later: Progress): Progress['bookmark'] {
  if (!later.bookmark) return earlier.bookmark
  const { place, visit, since = visit } = later.bookmark
  const before = earlier.bookmark?.place === place ? earlier.bookmark : later.bookmark
  return { place, visit, since: Math.min(since, before.since ?? before.visit) }
}

const measure = ({ score }: Pick<Progress, 'score'>): number =>
  score?.scaled ?? score?.raw ?? -Infinity

function thatCounts(
  begun: readonly Attempt[],
  rule: Course['attempt'],
  criterion: Criterion,
): Attempt | undefined {
  const inOrder = begun.toSorted((a, b) => a.number - b.number)
  if (rule === 'first') return inOrder[0]
  if (rule === 'last') return inOrder.at(-1)
  return inOrder.toSorted((a, b) => worth(b, criterion) - worth(a, criterion))[0]
}

/** Done before not done, then the better score; of equals the earlier. */
function worth({ progress }: Attempt, criterion: Criterion): number {
  if (!progress) return -Infinity
  const score = Math.max(-1e6, measure(progress))
  return (meets(criterion, progress) ? 1e9 : 0) + score
}
