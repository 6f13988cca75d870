import type { Actor, Id } from '../../kernel/contract.js'
import { may } from '../people/access.js'
import { authorCourses, ownedCourse } from './courses.js'
import { CourseModel, EnrolmentModel, type Course, type Enrolment } from './models.js'

/** A course as those who belong to it name it. */
export type CourseName = Pick<Course, '_id' | 'title' | 'units' | 'trainers'>

const taking = ['active', 'completed'] as const

/** The courses a person takes part in or is a trainer of, by title. */
export async function coursesOf(person: Id): Promise<CourseName[]> {
  const taken = await EnrolmentModel.find(
    { person, status: { $in: [...taking] } },
    { course: 1 },
  ).lean<Pick<Enrolment, 'course'>[]>()
  return CourseModel.find(
    { $or: [{ _id: { $in: taken.map(({ course }) => course) } }, { trainers: person }] },
    { title: 1, units: 1, trainers: 1 },
  )
    .sort({ title: 1 })
    .lean<CourseName[]>()
}

/** Whether an actor belongs to a course: takes part in it, or may write it. */
export async function belongsTo(actor: Actor, course: CourseName): Promise<boolean> {
  if (actor.kind === 'system' || may(actor, authorCourses, ownedCourse(course))) return true
  if (!actor.person) return false
  const enrolment = { _id: `${actor.person}|${course._id}`, status: { $in: [...taking] } }
  return Boolean(await EnrolmentModel.exists(enrolment))
}
