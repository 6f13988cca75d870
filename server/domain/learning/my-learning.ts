import type { z } from 'zod'
import type { Actor, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { deciding } from './completing.js'
import { stepsOf } from './courses.js'
import type { myLearningShown } from './learner-shown.js'
import { CourseModel, EnrolmentModel, type Course, type Enrolment } from './models.js'
import { enrolmentLine, whereToGoOn } from './standing.js'

export type MyLearning = z.input<typeof myLearningShown>
export type MyCourse = MyLearning['underWay'][number]

const shownAtMost = 200

/** What the actor takes part in: overdue and due soon first, then what was done last. */
export async function myLearning({ person }: Actor): Promise<MyLearning> {
  const enrolments = person
    ? await EnrolmentModel.find({ person, status: { $in: ['active', 'requested', 'completed'] } })
        .limit(shownAtMost)
        .lean<Enrolment[]>()
    : []
  const lines = await linesOf(enrolments)
  const having = (status: Enrolment['status']): MyCourse[] =>
    lines.filter(({ enrolment }) => enrolment.status === status)
  return {
    underWay: having('active').toSorted((a, b) => urgency(a) - urgency(b)),
    requested: having('requested'),
    completed: having('completed').toSorted((a, b) => completedAt(b) - completedAt(a)),
  }
}

async function linesOf(enrolments: readonly Enrolment[]): Promise<MyCourse[]> {
  const ids = enrolments.map(({ course }) => course)
  const found = await CourseModel.find(
    { _id: { $in: ids } },
    { 'activities.text': 0, 'activities.transcript': 0, words: 0, summary: 0 },
  ).lean<Course[]>()
  const courses = new Map<Id, Course>(found.map((course) => [course._id, course]))
  return enrolments.flatMap((enrolment) => {
    const course = courses.get(enrolment.course)
    return course ? [lineOf(enrolment, course)] : []
  })
}

function lineOf(enrolment: Enrolment, course: Course): MyCourse {
  const steps = stepsOf(course)
  const wanted = deciding(steps)
  const goOn = whereToGoOn(steps, enrolment.activities)
  return {
    course: { id: course._id, title: course.title, language: course.language },
    enrolment: enrolmentLine(enrolment),
    stepsDone: wanted.filter(({ id }) => enrolment.activities[id]?.done).length,
    stepsTotal: wanted.length,
    goOn: goOn ? { id: goOn.id, title: goOn.title } : null,
  }
}

const soon = 14 * 86_400_000
const rank = 1e15

/** What is due within two weeks, the nearest first; then what was begun, the latest first; then what waits longest. */
function urgency({ enrolment: { dueAt, lastAt, enrolledAt } }: MyCourse): number {
  if (dueAt && Date.parse(dueAt) < now().getTime() + soon) return Date.parse(dueAt)
  if (lastAt) return 2 * rank - Date.parse(lastAt)
  return 2 * rank + Date.parse(dueAt ?? enrolledAt)
}

const completedAt = ({ enrolment }: MyCourse): number => Date.parse(enrolment.completedAt ?? '')
