import { randomUUID } from 'node:crypto'
import type { Course } from '../../../../server/domain/learning/models.js'
import { idOf, storeCourse } from '../../../../test/server/learning/support/taking.js'
import { answer, askAbout } from '../../asking.js'
import { SheetModel, type Sheet } from '../../models.js'
import type { Answer, Mark } from '../../sheet.js'

/** A course that the demo's trainer gives, stored. */
export const taughtCourse = async (): Promise<Course> =>
  storeCourse({ title: randomUUID(), trainers: [await idOf('trainer')] })

/** The same mark for every statement. */
export const buildAnswer = (mark: Mark, remarks: Answer['remarks'] = {}): Answer => ({
  marks: {
    ...{ relevance: mark, clarity: mark, length: mark },
    ...{ exercises: mark, ease: mark, recommend: mark },
  },
  remarks,
})

/** The sheet of somebody who completed a course. */
export async function sheetOfSomebody({ _id: course }: Course): Promise<Sheet> {
  const person = `somebody-${randomUUID()}`
  const enrolment = `${person}|${course}`
  const completion = `${enrolment}|1`
  await askAbout({ ...{ person, course, enrolment, completion }, cycle: 1 })
  return (await SheetModel.findById(completion).lean<Sheet>()) as Sheet
}

/** Has somebody complete a course and answer. */
export const answerAsSomebody = async (
  course: Course,
  mark: Mark,
  remarks?: Answer['remarks'],
): Promise<void> => answer(await sheetOfSomebody(course), buildAnswer(mark, remarks))
