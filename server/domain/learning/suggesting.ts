import type { Actor, Id } from '../../kernel/contract.js'
import { competenciesNamed } from '../competencies/frameworks.js'
import { gapsOfPeople, type Gap } from '../competencies/gaps.js'
import { findPerson } from '../people/people.js'
import { knownTo } from './courses.js'
import { CourseModel, EnrolmentModel, type Course } from './models.js'

const suggestedAtOnce = 3

/** A course that would close a gap between what a person shows and what the post asks. */
export interface Suggestion {
  readonly course: { readonly id: Id; readonly title: string; readonly language: string }
  readonly competency: string
  readonly level: number
  readonly target: number
}

/** Courses open to the actor that lead above the level held where the post asks for more, the widest gap first. */
export async function suggestionsFor(actor: Actor): Promise<Suggestion[]> {
  if (!actor.person) return []
  const gaps = ((await gapsOfPeople([actor.person])).get(actor.person) ?? []).filter(
    ({ gap }) => gap > 0,
  )
  if (gaps.length === 0) return []
  const [courses, taken, { units }, names] = await Promise.all([
    coursesTowards(actor, gaps),
    EnrolmentModel.distinct('course', { person: actor.person }).exec(),
    findPerson(actor.person),
    competenciesNamed(
      gaps.map(({ competency }) => competency),
      actor.language,
    ),
  ])
  const open = courses.filter(
    ({ _id, enrolment: door }) =>
      !taken.includes(_id) &&
      (door.rule !== 'unit' || door.units.some((unit) => units.includes(unit))),
  )
  return gaps
    .flatMap((gap) => bestFor(gap, open, names.get(gap.competency)?.title ?? ''))
    .filter(({ course }, at, all) => all.findIndex((one) => one.course.id === course.id) === at)
    .slice(0, suggestedAtOnce)
}

const coursesTowards = (actor: Actor, gaps: readonly Gap[]): Promise<Course[]> =>
  CourseModel.find(
    {
      $and: [knownTo(actor)],
      status: 'published',
      'outcomes.competency': { $in: gaps.map(({ competency }) => competency) },
    },
    { title: 1, language: 1, outcomes: 1, enrolment: 1 },
  )
    .limit(50)
    .lean<Course[]>()
    .exec()

/** The highest level it may lead to, then in the reader's order of titles. */
function bestFor({ competency, level, target }: Gap, courses: readonly Course[], title: string) {
  return courses
    .flatMap((course) => {
      const outcome = course.outcomes.find((one) => one.competency === competency)
      if (!outcome || outcome.level <= level) return []
      const { _id: id, title: courseTitle, language } = course
      return [
        {
          course: { id, title: courseTitle, language },
          competency: title,
          level: outcome.level,
          target,
        },
      ]
    })
    .toSorted((a, b) => b.level - a.level)
    .slice(0, 1)
}
