import type { z } from 'zod'
import { toPage } from '../../http/lists.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { unitChoices, unitsNamed } from '../organisation/units.js'
import { courseNamed, coursesNamed } from './courses.js'
import { seeOverview } from './enrolment-subjects.js'
import { currentPeople, pageOfPeople, pageOfTaking, peopleFilter } from './finding-people.js'
import type { OverviewQuery } from './learner-forms.js'
import type { overviewShown } from './learner-shown.js'
import { overviewLines } from './overview-lines.js'
import { figuresWithin, type Figures } from './reach-figures.js'
import { sum, type Counts } from './tallying.js'

/** How far the actor's people have come, by course and by unit, and person by person. */
export async function overviewPage(
  actor: Actor,
  query: OverviewQuery,
): Promise<z.input<typeof overviewShown>> {
  const { course, status, days } = query
  const filter = peopleFilter(currentPeople(actor, seeOverview), query)
  const [page, figures, units] = await Promise.all([
    course || status
      ? pageOfTaking(filter, { course, status, days }, query)
      : pageOfPeople(filter, query),
    figuresWithin(actor, query.unit),
    unitChoices(actor, { permission: seeOverview, language: actor.language }),
  ])
  const [lines, tables] = await Promise.all([
    overviewLines(actor, page.people, query),
    tablesOf(actor, figures, course),
  ])
  return {
    ...toPage(lines, page.total, { path: '/progress', query }),
    ...tables,
    people: figures.people,
    units,
    courses: tables.byCourse.map(({ id, title }) => ({ value: id, label: title })),
  }
}

/** What the actor's people have come to, in one line of figures. */
export async function overviewTotals(actor: Actor): Promise<Counts & { people: number }> {
  const { people, rows } = await figuresWithin(actor)
  return { ...sum(rows.map(({ counts }) => counts)), people }
}

async function tablesOf(actor: Actor, { units, rows }: Figures, wanted: Id | undefined) {
  const ids = [...new Set(rows.map(({ course }) => course))]
  const [courses, named] = await Promise.all([coursesNamed(ids), unitsNamed(units, actor.language)])
  const inCourse = rows.filter(({ course }) => !wanted || course === wanted)
  const of = (some: Figures['rows']): Counts => sum(some.map(({ counts }) => counts))
  return {
    totals: of(inCourse),
    byCourse: ids
      .map((id) => ({
        ...courseNamed(courses, id),
        ...of(rows.filter(({ course }) => course === id)),
      }))
      .toSorted((a, b) => a.title.localeCompare(b.title, actor.language)),
    byUnit: [...named]
      .map(([id, name]) => ({ id, name, ...of(inCourse.filter(({ unit }) => unit === id)) }))
      .toSorted((a, b) => a.name.localeCompare(b.name, actor.language)),
  }
}
