import { Conflict, Invalid } from '../../errors.js'
import type { Actor } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { audit } from '../people/audit.js'
import { changeCourse } from './changing.js'
import { stepsOf } from './courses.js'
import type { Course } from './models.js'

/** What keeps a course from being published, as codes of errors. */
export function obstaclesTo(course: Pick<Course, 'activities'>): string[] {
  const steps = stepsOf(course)
  if (steps.length === 0) return ['learning:no-activities']
  return steps.some(({ required }) => required) ? [] : ['learning:nothing-required']
}

/** What a course would be better with: sections of `learning:advice`. */
export function adviceFor({ summary, outcomes, activities }: Course): string[] {
  return [
    ...(summary ? [] : ['summary']),
    ...(outcomes.length > 0 ? [] : ['outcomes']),
    ...(stepsOf({ activities }).every(({ minutes }) => minutes) ? [] : ['minutes']),
  ]
}

/** Opens a course to those it is for. Twice is once. Throws `learning:no-activities` and `learning:nothing-required`. */
export async function publishCourse(actor: Actor, { _id, status }: Course): Promise<Course> {
  const published = await changeCourse(_id, (course) => {
    if (course.status === 'published') return undefined
    refuseUnfinished(course)
    return { status: 'published', publishedAt: now() }
  })
  if (status !== 'published') await auditOf(actor, 'learning:course-published', published)
  return published
}

/** Takes a published course out of the catalogue. Those enrolled go on; nobody else gets in. Twice is once. */
export async function withdrawCourse(actor: Actor, { _id, status }: Course): Promise<Course> {
  const withdrawn = await changeCourse(_id, (course) => {
    if (course.status === 'draft') throw new Conflict('learning:still-a-draft')
    return course.status === 'archived' ? undefined : { status: 'archived' }
  })
  if (status === 'published') await auditOf(actor, 'learning:course-withdrawn', withdrawn)
  return withdrawn
}

function refuseUnfinished(course: Course): void {
  const codes = obstaclesTo(course)
  const [first] = codes
  if (first)
    throw new Invalid(first, { errors: codes.map((code) => ({ path: 'activities', code })) })
}

const auditOf = (
  actor: Actor,
  action: 'learning:course-published' | 'learning:course-withdrawn',
  { _id, title, version }: Course,
): Promise<void> => audit(actor, action, { object: _id, details: { title, version } })
