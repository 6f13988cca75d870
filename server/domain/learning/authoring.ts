import { randomUUID } from 'node:crypto'
import { Conflict, Forbidden, Invalid } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { isDuplicateKey } from '../../platform/database.js'
import { scopeOf } from '../organisation/scope.js'
import { unitFor } from '../organisation/units.js'
import { audit } from '../people/audit.js'
import { changeCourse, keptFrom, type CourseChange } from './changing.js'
import { authorCourses } from './courses.js'
import { CourseModel, type Course } from './models.js'
import { checkTerms } from './terms.js'

export interface NewCourse {
  /** A form's hidden id: sent twice, it creates once. */
  readonly id?: Id | undefined
  readonly title: string
  readonly language: string
  readonly summary?: string | undefined
  readonly keywords?: readonly string[] | undefined
  readonly outcomes?: Course['outcomes'] | undefined
  /** The unit whose course it is; the first one the actor writes courses for, where none is named. */
  readonly unit?: Id | undefined
}

/** Begins a course as a draft, with the actor as its trainer. Sent twice, it begins once. */
export async function createCourse(
  actor: Actor,
  { id, unit: named, ...given }: NewCourse,
): Promise<Course & { isNew: boolean }> {
  const unit = await unitFor(actor, authorCourses, named ?? firstUnitOf(actor))
  await checkTerms(actor, undefined, given)
  const course = draftOf(actor, { ...given, id: id ?? randomUUID() }, unit)
  try {
    await CourseModel.create(course)
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
    return { ...(await ownDraft(actor, course._id)), isNew: false }
  }
  await audit(actor, 'learning:course-created', {
    object: course._id,
    details: { title: course.title, unit: unit._id },
  })
  return { ...course, isNew: true }
}

export type CourseEdit = {
  readonly [
    K in
      | 'title'
      | 'language'
      | 'summary'
      | 'keywords'
      | 'outcomes'
      | 'prerequisites'
      | 'enrolment'
      | 'attempt'
      | 'trainers'
  ]?: Course[K] | undefined
}

/** Changes what is said and asked of a course. What is left out stays as it is. */
export async function editCourse(actor: Actor, course: Course, edit: CourseEdit): Promise<Course> {
  const given = Object.entries(edit).filter(([, value]) => value !== undefined)
  const change = Object.fromEntries(given) as CourseChange
  await checkTerms(actor, course, change)
  const changed = await changeCourse(course._id, (there) => differing(there, change))
  if (changed.revision === course.revision) return changed
  await audit(actor, 'learning:course-changed', {
    object: course._id,
    details: { title: changed.title, fields: Object.keys(change).join(', ') },
  })
  return changed
}

/** A form sends all of its fields: only those that say something else change the course. */
function differing(course: Course, change: CourseChange): CourseChange | undefined {
  const same = (key: string, value: unknown): boolean =>
    JSON.stringify(course[key as keyof Course]) === JSON.stringify(value)
  const changed = Object.entries(change).filter(([key, value]) => !same(key, value))
  return changed.length > 0 ? Object.fromEntries(changed) : undefined
}

function draftOf(
  actor: Actor,
  given: Omit<NewCourse, 'unit'> & { id: Id },
  unit: { readonly _id: Id; readonly units: readonly Id[] },
): Course {
  const said = {
    title: given.title,
    summary: given.summary ?? '',
    keywords: given.keywords ?? [],
    activities: [],
  }
  return {
    _id: given.id,
    ...said,
    language: given.language,
    status: 'draft',
    version: 0,
    unit: unit._id,
    units: unit.units,
    trainers: actor.person ? [actor.person] : [],
    outcomes: given.outcomes ?? [],
    prerequisites: [],
    enrolment: { rule: 'open' },
    attempt: 'best',
    ...keptFrom(said),
    enrolled: 0,
    completed: 0,
    counts: 0,
    revision: 0,
    createdAt: now(),
  }
}

/** The broadest unit the actor writes courses for. */
function firstUnitOf(actor: Actor): Id {
  const [first] = scopeOf(actor, authorCourses).units
  if (!first)
    throw actor.kind === 'system' ? new Invalid('organisation:no-such-unit') : new Forbidden()
  return first
}

/** An id that was taken by somebody else's course is refused. */
export async function ownDraft(actor: Actor, id: Id): Promise<Course> {
  const course = await CourseModel.findById(id).lean<Course>()
  if (!course || (actor.person && !course.trainers.includes(actor.person)))
    throw new Conflict('learning:id-taken')
  return course
}
