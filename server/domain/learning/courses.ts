import type { QueryFilter } from 'mongoose'
import { NotFound } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { wordFilter } from '../../platform/words.js'
import { may } from '../people/access.js'
import { scopeOf } from '../organisation/scope.js'
import { CourseModel, EnrolmentModel, type Activity, type Course } from './models.js'

export type { Activity, Course } from './models.js'

/** The permission to write courses, over their units. */
export const authorCourses = 'learning:author'

/** A course as its permissions see it. */
export const ownedCourse = ({ units, trainers }: Pick<Course, 'units' | 'trainers'>) => ({
  units,
  owners: trainers,
})

/** The filter over courses an actor may know of: those open to all around, and all that it may write. */
export function knownTo(actor: Actor): QueryFilter<Course> {
  return actor.kind === 'system' ? {} : { $or: [openTo(actor), ...writtenBy(actor)] }
}

/** The courses published where an actor belongs or holds a role. */
export function openTo(actor: Actor): QueryFilter<Course> {
  if (actor.kind === 'system') return { status: 'published' }
  const places = actor.grants.map(({ over }) => over).filter((over) => over !== 'reports')
  const around = [...new Set([...(actor.institution ? [actor.institution] : []), ...places])]
  return { status: 'published', units: { $in: around } }
}

/** Those courses that an actor may write, as clauses of an `$or`. */
export function writtenBy(actor: Actor): QueryFilter<Course>[] {
  if (actor.kind === 'system') return [{}]
  if (!may(actor, authorCourses)) return []
  const { units } = scopeOf(actor, authorCourses)
  return [{ units: { $in: units } }, ...(actor.person ? [{ trainers: actor.person }] : [])]
}

/** A course the actor may know of; one that was withdrawn, if enrolled in it. Throws `NotFound`. */
export async function findCourse(actor: Actor, id: Id): Promise<Course> {
  const course = await CourseModel.findById(id).lean<Course>()
  if (!course || !(await knows(actor, course))) throw new NotFound()
  return course
}

type NamedCourses = Map<Id, Pick<Course, '_id' | 'title' | 'language' | 'status'>>

/** A course as a record that is about it shows it; one that is gone has neither title nor language. */
export const courseNamed = (
  named: NamedCourses,
  id: Id,
): Pick<Course, 'title' | 'language'> & { readonly id: Id } => {
  const { title = '', language = '' } = named.get(id) ?? {}
  return { id, title, language }
}

/** Courses by id, whoever asks, without their texts: for records that name them. */
export async function coursesNamed(ids: readonly Id[]): Promise<NamedCourses> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return new Map()
  const found = await CourseModel.find(
    { _id: { $in: wanted } },
    { title: 1, language: 1, status: 1 },
  ).lean<Pick<Course, '_id' | 'title' | 'language' | 'status'>[]>()
  return new Map(found.map((course) => [course._id, course]))
}

const mostFound = 1000

/** The courses that words find, whoever asks: for records that are about them. */
export async function coursesFound(q: string): Promise<Id[]> {
  const found = await CourseModel.find({ $and: [{}, ...(wordFilter(q).$and ?? [])] }, { _id: 1 })
    .limit(mostFound)
    .lean<Pick<Course, '_id'>[]>()
  return found.map(({ _id }) => _id)
}

/** What a learner goes through, in order. */
export const stepsOf = ({ activities }: Pick<Course, 'activities'>): Activity[] =>
  activities.filter(({ retired }) => !retired)

/** A few courses of different states, for the access test. */
export const someCourses = (): Promise<Course[]> =>
  CourseModel.find({}).sort({ title: 1 }).limit(7).lean<Course[]>().exec()

async function knows(actor: Actor, course: Course): Promise<boolean> {
  if (actor.kind === 'system' || may(actor, authorCourses, ownedCourse(course))) return true
  const { status, units } = course
  const near = (unit: Id | undefined): boolean => unit !== undefined && units.includes(unit)
  const around = near(actor.institution) || actor.grants.some(({ over }) => near(over))
  if (status === 'published') return around
  if (status !== 'archived' || !actor.person) return false
  return Boolean(await EnrolmentModel.exists({ _id: `${actor.person}|${course._id}` }))
}
