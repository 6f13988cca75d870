import { Conflict, Invalid, NotFound } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { audit } from '../people/audit.js'
import { changeCourse } from './changing.js'
import { findCourse, stepsOf } from './courses.js'
import { AttemptModel, CourseModel, type Activity, type Course } from './models.js'
import { obstaclesTo } from './publishing.js'

/** An activity with the course it is a step of. */
export interface PlacedActivity {
  readonly course: Course
  readonly activity: Activity
}

const mostActivities = 100

/** An activity of a course the actor may know of, a retired one included. Throws `NotFound`. */
export async function findActivity(actor: Actor, id: Id): Promise<PlacedActivity> {
  const holder = await CourseModel.findOne({ 'activities.id': id }, { _id: 1 }).lean<{ _id: Id }>()
  if (!holder) throw new NotFound()
  return placedIn(await findCourse(actor, holder._id), id)
}

/** Adds an activity as the last step. The same id again adds nothing. Throws `learning:too-many-activities`. */
export async function addActivity(
  actor: Actor,
  course: Course,
  activity: Activity,
): Promise<PlacedActivity & { isNew: boolean }> {
  let isNew = false
  const changed = await changeCourse(course._id, ({ activities }) => {
    isNew = !activities.some(({ id }) => id === activity.id)
    if (!isNew) return undefined
    if (activities.length >= mostActivities) throw new Conflict('learning:too-many-activities')
    return { activities: [...activities, activity] }
  })
  if (isNew) await audited(actor, 'learning:activity-added', { course: changed, activity })
  return { ...placedIn(changed, activity.id), isNew }
}

/** Changes an activity; what is left out stays as it is. */
export async function editActivity(
  actor: Actor,
  { course, activity }: PlacedActivity,
  edit: { readonly [K in keyof Activity]?: Activity[K] | undefined },
): Promise<PlacedActivity> {
  const given = Object.entries(edit).filter(([, value]) => value !== undefined)
  const change = Object.fromEntries(given) as Partial<Activity>
  const changed = await changeCourse(course._id, (there) =>
    still(
      there,
      there.activities.map((one) => (one.id === activity.id ? { ...one, ...change } : one)),
    ),
  )
  const placed = placedIn(changed, activity.id)
  await audited(actor, 'learning:activity-changed', placed)
  return placed
}

/** Moves a step one place up or down; at the end of the way it stays. */
export async function moveActivity(
  { course, activity }: PlacedActivity,
  direction: 'up' | 'down',
): Promise<Course> {
  return changeCourse(course._id, ({ activities }) => {
    const steps = stepsOf({ activities })
    const at = steps.findIndex(({ id }) => id === activity.id)
    const to = direction === 'up' ? at - 1 : at + 1
    const [moved, passed] = [steps[at], steps[to]]
    if (!moved || !passed) return undefined
    const swapped = new Map([
      [moved.id, passed],
      [passed.id, moved],
    ])
    return { activities: activities.map((one) => swapped.get(one.id) ?? one) }
  })
}

/** Takes a step out of its course. Those who had begun it keep it. */
export async function removeActivity(
  actor: Actor,
  { course, activity }: PlacedActivity,
): Promise<void> {
  const begun = await AttemptModel.exists({ activity: activity.id })
  const without = (activities: readonly Activity[]): Activity[] =>
    begun
      ? activities.map((one) => (one.id === activity.id ? { ...one, retired: true } : one))
      : activities.filter(({ id }) => id !== activity.id)
  const removed = await changeCourse(course._id, (there) => still(there, without(there.activities)))
  await audited(actor, 'learning:activity-removed', { course: removed, activity })
}

/** A published course keeps a step that must be done: else whoever enrols would have completed it. */
function still(course: Course, activities: readonly Activity[]): Pick<Course, 'activities'> {
  if (course.status === 'published' && obstaclesTo({ activities }).length > 0)
    throw new Invalid('learning:last-step')
  return { activities }
}

function placedIn(course: Course, id: Id): PlacedActivity {
  const activity = course.activities.find((one) => one.id === id)
  if (!activity) throw new NotFound()
  return { course, activity }
}

const audited = (
  actor: Actor,
  action: `learning:activity-${'added' | 'changed' | 'removed'}`,
  { course, activity }: PlacedActivity,
): Promise<void> =>
  audit(actor, action, {
    object: course._id,
    details: { course: course.title, activity: activity.id, title: activity.title },
  })
