import type { z } from 'zod'
import { toPage } from '../../http/lists.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { competenciesNamed, competencyChoices, type Named } from '../competencies/frameworks.js'
import { unitChoices, unitsNamed } from '../organisation/units.js'
import { may } from '../people/access.js'
import { peopleNamed } from '../people/people.js'
import { courseChoices, listCourses, type CatalogueQuery, type CourseLine } from './catalogue.js'
import { othersSeeing } from './consents/consenting.js'
import { authorCourses, coursesNamed, ownedCourse, stepsOf } from './courses.js'
import type { Activity, Course, Enrolment } from './models.js'
import { adviceFor, obstaclesTo } from './publishing.js'
import type { catalogueShown, courseEditShown, courseShown } from './shown.js'
import { progressFor } from './standing.js'
import { trainersFor } from './trainers.js'

type CourseShown = z.input<typeof courseShown>

/** The catalogue as an actor sees it. */
export async function cataloguePage(
  actor: Actor,
  query: CatalogueQuery,
  language: string,
): Promise<z.input<typeof catalogueShown>> {
  const [{ courses, total, standing }, competencies] = await Promise.all([
    listCourses(actor, query),
    competencyChoices(language),
  ])
  const names = await namesFor(courses, language)
  const lines = courses.map((course) => courseLine(course, names, standing.get(course._id) ?? null))
  const page = toPage(lines, total, { path: '/courses', query })
  return { ...page, competencies, writes: may(actor, authorCourses) }
}

/** A course as its page shows it to an actor. */
export async function coursePage(
  actor: Actor,
  course: Course,
  language: string,
): Promise<CourseShown> {
  const { enrolment: door } = course
  const open = door.rule === 'unit' ? door.units : []
  const seeing = actor.person ? othersSeeing(actor.person, course) : Promise.resolve([])
  const [names, units, seenBy, people, before, standing] = await Promise.all([
    namesFor([course], language),
    seeing.then((others) => unitsNamed([course.unit, ...open, ...others], language)),
    seeing,
    peopleNamed(course.trainers),
    coursesNamed(course.prerequisites),
    progressFor(actor, course),
  ])
  const nameOf = (id: Id): string => units.get(id) ?? ''
  return {
    ...courseLine(course, names, standing.enrolment?.status ?? null),
    standing,
    keywords: [...course.keywords],
    unit: { id: course.unit, name: nameOf(course.unit) },
    trainers: course.trainers.map((id) => ({ id, name: people.get(id)?.name ?? '' })),
    prerequisites: course.prerequisites.flatMap((id) => {
      const title = before.get(id)?.title
      return title === undefined ? [] : [{ id, title }]
    }),
    enrolment: { rule: door.rule, units: open.map((id) => ({ id, name: nameOf(id) })) },
    attempt: course.attempt,
    seenBy: seenBy.map((id) => ({ id, name: nameOf(id) })),
    follows: may(actor, 'learning:read-progress', ownedCourse(course)),
    activities: stepsOf(course).map(stepLine),
    publishedAt: course.publishedAt?.toISOString() ?? null,
    writes: may(actor, authorCourses, ownedCourse(course)),
  }
}

/** A course with all that its editor offers to choose from. */
export async function courseEditPage(
  actor: Actor,
  course: Course,
  language: string,
): Promise<z.input<typeof courseEditShown>> {
  const [page, competencies, courses, units, trainers] = await Promise.all([
    coursePage(actor, course, language),
    competencyChoices(language),
    courseChoices(actor, course._id),
    unitChoices(actor, { permission: authorCourses, language }),
    trainersFor(actor),
  ])
  const others = page.trainers.filter(({ id }) => !trainers.some(({ value }) => value === id))
  return {
    ...page,
    obstacles: obstaclesTo(course),
    advice: adviceFor(course),
    competencies,
    courses,
    units,
    people: [...others.map(({ id, name }) => ({ value: id, label: name })), ...trainers],
  }
}

/** An activity as lists of steps show it. */
export const stepLine = ({ id, kind, title, required, criterion, minutes }: Activity) => ({
  id,
  kind,
  title,
  required,
  criterion,
  minutes: minutes ?? null,
})

const courseLine = (
  course: CourseLine,
  names: ReadonlyMap<Id, Named>,
  mine: Enrolment['status'] | null,
) => ({
  id: course._id,
  title: course.title,
  language: course.language as CourseShown['language'],
  summary: course.summary,
  status: course.status,
  version: course.version,
  outcomes: course.outcomes.map(({ competency, level }) => {
    const named = names.get(competency)
    const title = named?.title ?? competency
    return { competency, title, level, levelName: named?.scale.get(level) ?? String(level) }
  }),
  minutes: course.minutes,
  steps: stepsOf(course).length,
  enrolled: course.enrolled,
  mine,
})

const namesFor = (
  courses: readonly Pick<Course, 'outcomes'>[],
  language: string,
): Promise<Map<Id, Named>> =>
  competenciesNamed(
    courses.flatMap(({ outcomes }) => outcomes.map(({ competency }) => competency)),
    language,
  )
