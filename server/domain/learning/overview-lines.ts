import type { z } from 'zod'
import type { Actor, Id } from '../../kernel/contract.js'
import { unitsNamed } from '../organisation/units.js'
import type { Person } from '../people/people.js'
import { deciding } from './completing.js'
import { stepsOf } from './courses.js'
import { stateFilter } from './finding-people.js'
import type { OverviewQuery } from './learner-forms.js'
import type { overviewLine } from './learner-shown.js'
import { CourseModel, EnrolmentModel, type Course, type Enrolment } from './models.js'
import { enrolmentLine } from './standing.js'

export type OverviewLine = z.input<typeof overviewLine>

/** People with what each is enrolled in, of a course or in a state if asked for. */
export async function overviewLines(
  { language }: Actor,
  people: readonly Person[],
  { course, status, days }: Pick<OverviewQuery, 'course' | 'status' | 'days'>,
): Promise<OverviewLine[]> {
  const enrolments = await EnrolmentModel.find({
    person: { $in: people.map(({ _id }) => _id) },
    ...(course && { course }),
    ...(status && stateFilter(status, days)),
  }).lean<Enrolment[]>()
  const [courses, units] = await Promise.all([
    coursesOf(enrolments),
    unitsNamed(
      people.flatMap(({ unit }) => unit ?? []),
      language,
    ),
  ])
  return people.map((person) => ({
    person: personShown(person, units),
    enrolments: enrolments
      .filter((enrolment) => enrolment.person === person._id)
      .flatMap((enrolment) => lineOf(enrolment, courses.get(enrolment.course)) ?? []),
  }))
}

async function coursesOf(enrolments: readonly Enrolment[]): Promise<Map<Id, Course>> {
  const ids = [...new Set(enrolments.map(({ course }) => course))]
  const found = await CourseModel.find(
    { _id: { $in: ids } },
    {
      title: 1,
      language: 1,
      'activities.id': 1,
      'activities.required': 1,
      'activities.retired': 1,
    },
  ).lean<Course[]>()
  return new Map(found.map((course) => [course._id, course]))
}

function lineOf(
  enrolment: Enrolment,
  course: Course | undefined,
): OverviewLine['enrolments'][number] | undefined {
  if (!course) return undefined
  const wanted = deciding(stepsOf(course))
  return {
    course: { id: course._id, title: course.title, language: course.language },
    enrolment: enrolmentLine(enrolment),
    stepsDone: wanted.filter(({ id }) => enrolment.activities[id]?.done).length,
    stepsTotal: wanted.length,
  }
}

const personShown = ({ _id, name, email, unit }: Person, units: ReadonlyMap<Id, string>) => ({
  id: _id,
  name,
  email: email ?? null,
  unit: (unit && units.get(unit)) ?? null,
})
