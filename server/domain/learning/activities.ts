import { NotFound } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { findCourse } from './courses.js'
import { CourseModel, type Activity, type Course } from './models.js'

/** An activity with the course it is a step of. */
export interface PlacedActivity {
  readonly course: Course
  readonly activity: Activity
}

/** An activity of a course the actor may know of, a retired one included. Throws `NotFound`. */
export async function findActivity(actor: Actor, id: Id): Promise<PlacedActivity> {
  const holder = await CourseModel.findOne({ 'activities.id': id }, { _id: 1 }).lean<{ _id: Id }>()
  if (!holder) throw new NotFound()
  const course = await findCourse(actor, holder._id)
  const activity = course.activities.find((one) => one.id === id)
  if (!activity) throw new NotFound()
  return { course, activity }
}
