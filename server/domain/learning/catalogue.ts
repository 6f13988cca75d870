import type { QueryFilter } from 'mongoose'
import type { z } from 'zod'
import { orderOf, windowOf } from '../../http/lists.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { wordFilter } from '../../platform/words.js'
import { catalogueOrders, type catalogueQuery, type durations } from './forms.js'
import { openTo, writtenBy } from './courses.js'
import { CourseModel, EnrolmentModel, type Course, type Enrolment } from './models.js'

export type CatalogueQuery = z.infer<typeof catalogueQuery>

/** A course as lists read it: without what its steps hold. */
export type CourseLine = Omit<Course, 'words'>

/** Where a person stands in each course ever entered. */
export type Standing = ReadonlyMap<Id, Enrolment['status']>

/**
 * A page of the courses open to an actor, by title, found by words and filters; with `mine: 'written'` those the actor
 * may write, whatever their state. One more than shown is fetched.
 */
export async function listCourses(
  actor: Actor,
  query: CatalogueQuery,
): Promise<{ courses: CourseLine[]; total: number; standing: Standing }> {
  const standing = await standingOf(actor)
  const filter = listed(actor, query, standing)
  const { skip, limit } = windowOf(query)
  const [courses, total] = await Promise.all([
    CourseModel.find(filter, withoutTexts)
      .sort(orderOf(catalogueOrders, query.sort, 'title'))
      .skip(skip)
      .limit(limit)
      .lean<CourseLine[]>(),
    CourseModel.countDocuments(filter),
  ])
  return { courses, total, standing }
}

/** The courses open to an actor, by title: for the forms of those who build on courses. */
export const openCourseChoices = (actor: Actor): Promise<{ value: Id; label: string }[]> =>
  choicesOf(openTo(actor))

/** The courses another may ask for first, by title: open ones, and those the actor writes. */
export const courseChoices = (actor: Actor, except: Id): Promise<{ value: Id; label: string }[]> =>
  choicesOf({ $or: [openTo(actor), ...writtenBy(actor)], _id: { $ne: except } })

async function choicesOf(filter: QueryFilter<Course>): Promise<{ value: Id; label: string }[]> {
  const found = await CourseModel.find(filter, { title: 1 })
    .sort({ title: 1 })
    .limit(500)
    .lean<Pick<Course, '_id' | 'title'>[]>()
  return found.map(({ _id, title }) => ({ value: _id, label: title }))
}

async function standingOf({ person }: Actor): Promise<Standing> {
  if (!person) return new Map()
  const found = await EnrolmentModel.find({ person }, { course: 1, status: 1 }).lean<
    Pick<Enrolment, 'course' | 'status'>[]
  >()
  return new Map(found.map(({ course, status }) => [course, status]))
}

const withoutTexts = {
  words: 0,
  'activities.text': 0,
  'activities.transcript': 0,
  'activities.file': 0,
} as const

function listed(actor: Actor, query: CatalogueQuery, standing: Standing): QueryFilter<Course> {
  const { q, competency, language, duration } = query
  const clauses: QueryFilter<Course>[] = [
    reach(actor, query.mine, standing),
    wordFilter(q) as QueryFilter<Course>,
    competency ? { 'outcomes.competency': competency } : {},
    language ? { language } : {},
    duration ? { minutes: lengths[duration] } : {},
  ].filter((clause) => Object.keys(clause).length > 0)
  return clauses.length > 0 ? { $and: clauses } : {}
}

const lengths: Readonly<Record<(typeof durations)[number], object>> = {
  short: { $lte: 30 },
  medium: { $gt: 30, $lte: 120 },
  long: { $gt: 120 },
}

/** One's own courses stay in one's own list after they were withdrawn. */
function reach(
  actor: Actor,
  mine: CatalogueQuery['mine'],
  standing: Standing,
): QueryFilter<Course> {
  if (mine === undefined) return openTo(actor)
  if (mine === 'written') return { $or: [{ _id: { $in: [] } }, ...writtenBy(actor)] }
  if (mine === 'new') return { $and: [openTo(actor), { _id: { $nin: [...standing.keys()] } }] }
  const own = [...standing].filter(([, status]) => status === mine).map(([course]) => course)
  return { _id: { $in: own }, status: { $in: ['published', 'archived'] } }
}
