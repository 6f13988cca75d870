import { Conflict, NotFound } from '../../errors.js'
import type { Id } from '../../kernel/contract.js'
import { wordsOf } from '../../platform/words.js'
import { settle } from '../../platform/owed.js'
import { stepsOf } from './courses.js'
import { CourseModel, type Course } from './models.js'
import './resettling.js'

const mostTries = 8

/** What an author may change of a course. */
export type CourseChange = Partial<
  Pick<
    Course,
    | 'title'
    | 'language'
    | 'summary'
    | 'keywords'
    | 'outcomes'
    | 'prerequisites'
    | 'enrolment'
    | 'attempt'
    | 'trainers'
    | 'activities'
    | 'status'
    | 'publishedAt'
  >
>

/**
 * Changes a course on the revision that was read, and begins again on what is there where somebody was faster. A change
 * of nothing writes nothing. What is kept of it for lists, and the count of versions, goes with it in the same update.
 */
export async function changeCourse(
  id: Id,
  change: (course: Course) => CourseChange | undefined,
): Promise<Course> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const course = await CourseModel.findById(id).lean<Course>()
    if (!course) throw new NotFound()
    const changed = change(course)
    if (!changed) return course
    const set = { ...changed, ...keptFrom({ ...course, ...changed }) }
    const raised = { revision: 1, ...(isNewVersion(course, changed) && { version: 1 }) }
    const felt = isFelt(course, changed)
    const { modifiedCount } = await CourseModel.updateOne(
      { _id: id, revision: course.revision },
      { $set: { ...set, ...(felt && { owed: ['settle'] }) }, $inc: raised },
    )
    if (modifiedCount === 1) {
      if (felt) await settle(CourseModel, id)
      const { revision, version } = course
      return { ...course, ...set, revision: revision + 1, version: version + (raised.version ?? 0) }
    }
  }
  throw new Conflict('learning:changed-meanwhile')
}

/** What a course keeps of itself to be found and listed by. */
export function keptFrom(
  course: Pick<Course, 'title' | 'summary' | 'keywords' | 'activities'>,
): Pick<Course, 'words' | 'minutes'> {
  const steps = stepsOf(course)
  return {
    words: wordsOf(
      course.title,
      course.summary,
      ...course.keywords,
      ...steps.map(({ title }) => title),
    ),
    minutes: steps.reduce((sum, { minutes = 0 }) => sum + minutes, 0),
  }
}

/** Whether those enrolled may stand elsewhere by it: other steps or criteria, or another attempt that counts. */
const isFelt = ({ status }: Course, { activities, attempt }: CourseChange): boolean =>
  status !== 'draft' && (activities !== undefined || attempt !== undefined)

/** Publishing makes a version, and so does changing what a published course asks of people or gives them. */
function isNewVersion(course: Course, changed: CourseChange): boolean {
  const published = changed.status === 'published' && course.status !== 'published'
  const touched = changed.activities !== undefined || changed.outcomes !== undefined
  return published || (course.status === 'published' && touched)
}
