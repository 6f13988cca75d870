import { subject } from '../../http/routes.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { findActivity, type PlacedActivity } from './activities.js'
import { findCourse, ownedCourse, someCourses, type Course } from './courses.js'

/** `:course`, for whoever may know of it: drafts are 404 to all who may not write them. */
export const onCourse = subject({
  name: 'course',
  load: (actor: Actor, id: Id) => findCourse(actor, id),
  owned: (course: Course) => ownedCourse(course),
  sample: async () =>
    (await someCourses()).map((course) => ({ id: course._id, ...ownedCourse(course) })),
})

/** `:activity`, a step of such a course. */
export const onActivity = subject({
  name: 'activity',
  load: (actor: Actor, id: Id) => findActivity(actor, id),
  owned: ({ course }: PlacedActivity) => ownedCourse(course),
  sample: async () =>
    (await someCourses()).flatMap((course) =>
      course.activities.slice(0, 1).map(({ id }) => ({ id, ...ownedCourse(course) })),
    ),
})
