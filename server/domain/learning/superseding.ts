import type { Id } from '../../kernel/contract.js'
import { settle } from '../../platform/owed.js'
import { owing } from './enrolments.js'
import { AttemptModel, CourseModel, type Activity, type Attempt, type Course } from './models.js'

/** How many have begun an activity and not done it. */
export const countInTheMiddle = (activity: Activity): Promise<number> =>
  AttemptModel.countDocuments(inTheMiddle(activity)).exec()

/**
 * Ends the attempts in the middle of a package that was replaced for everyone. What was done in them is kept and counts
 * no more; their people are told, and their next visit begins anew. Done again, it finds nothing left.
 */
export async function supersedeAttempts(course: Id): Promise<void> {
  const found = await CourseModel.findById(course, { activities: 1 }).lean<Course>()
  for (const activity of found?.activities ?? []) {
    if (!activity.version || activity.restart !== activity.version) continue
    const earlier = { ...inTheMiddle(activity), version: { $ne: activity.version } }
    for await (const attempt of AttemptModel.find(earlier).lean<Attempt[]>().cursor()) {
      await supersede(attempt as Attempt)
    }
  }
}

/** On the revision that was read: whoever got it done meanwhile has done it. */
async function supersede({ _id, revision }: Attempt): Promise<void> {
  await AttemptModel.updateOne(
    { _id, revision, status: 'open' },
    { $set: { status: 'superseded' }, ...owing('complete', 'restarted') },
  )
  await settle(AttemptModel, _id)
}

const undone: Readonly<Record<Activity['criterion'], Record<string, unknown>>> = {
  viewed: { 'progress.completion': 'not-attempted' },
  confirmed: { 'progress.completion': { $exists: true, $ne: 'completed' } },
  completed: { 'progress.completion': { $exists: true, $ne: 'completed' } },
  passed: { 'progress.success': { $exists: true, $ne: 'passed' } },
}

/** What `meets` says of an attempt's progress, said to the database: it has some, and is not done by it. */
function inTheMiddle({ id, criterion }: Activity): Record<string, unknown> {
  return { activity: id, status: 'open', ...undone[criterion] }
}
