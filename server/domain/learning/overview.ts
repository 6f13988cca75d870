import type { z } from 'zod'
import { toPage } from '../../http/lists.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { unitChoices, unitsNamed } from '../organisation/units.js'
import type { Person } from '../people/people.js'
import { coursesNamed } from './courses.js'
import { seeOverview } from './enrolment-subjects.js'
import {
  currentPeople,
  pageOfPeople,
  peopleEnrolled,
  peopleFilter,
  peopleInReach,
} from './finding-people.js'
import type { OverviewQuery } from './learner-forms.js'
import type { overviewShown } from './learner-shown.js'
import { overviewLines } from './overview-lines.js'
import { sum, tallyByCourse, tallyByPerson, type Counts } from './tallying.js'

/** How far the actor's people have come, by course and by unit, and person by person. */
export async function overviewPage(
  actor: Actor,
  query: OverviewQuery,
): Promise<z.input<typeof overviewShown>> {
  const people = await peopleInReach(actor, query)
  const ids = people.map(({ _id }) => _id)
  const { course, status } = query
  const among = course || status ? await peopleEnrolled({ course, status, among: ids }) : ids
  const filter = peopleFilter(currentPeople(actor, seeOverview), { ...query, among })
  const [page, figures, units] = await Promise.all([
    pageOfPeople(filter, query),
    figuresOf(actor, people, course),
    unitChoices(actor, { permission: seeOverview, language: actor.language }),
  ])
  const lines = await overviewLines(actor, page.people, query)
  return {
    ...toPage(lines, page.total, { path: '/progress', query }),
    ...figures,
    people: people.length,
    units,
    courses: figures.byCourse.map(({ id, title }) => ({ value: id, label: title })),
  }
}

/** What the actor's people have come to, in one line of figures. */
export async function overviewTotals(actor: Actor): Promise<Counts & { people: number }> {
  const people = await peopleInReach(actor, {})
  const tallies = await tallyByCourse({ people: people.map(({ _id }) => _id) })
  return { ...sum(tallies.values()), people: people.length }
}

async function figuresOf(actor: Actor, people: readonly Person[], course: Id | undefined) {
  const ids = people.map(({ _id }) => _id)
  const [ofCourses, ofPeople] = await Promise.all([
    tallyByCourse({ people: ids }),
    tallyByPerson({ people: ids, course }),
  ])
  const [courses, units] = await Promise.all([
    coursesNamed([...ofCourses.keys()]),
    unitsNamed(
      people.flatMap(({ unit }) => unit ?? []),
      actor.language,
    ),
  ])
  const inCourse = [...ofCourses].filter(([id]) => !course || id === course)
  return {
    totals: sum(inCourse.map(([, counts]) => counts)),
    byCourse: [...ofCourses]
      .map(([id, counts]) => ({ id, title: courses.get(id)?.title ?? '', ...counts }))
      .toSorted((a, b) => a.title.localeCompare(b.title, actor.language)),
    byUnit: [...units]
      .map(([id, name]) => ({ id, name, ...sum(countsIn(people, ofPeople, id)) }))
      .toSorted((a, b) => a.name.localeCompare(b.name, actor.language)),
  }
}

const countsIn = (
  people: readonly Person[],
  tallies: ReadonlyMap<Id, Counts>,
  wanted: Id,
): Counts[] =>
  people.filter(({ unit }) => unit === wanted).flatMap(({ _id }) => tallies.get(_id) ?? [])
