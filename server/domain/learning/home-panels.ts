import type { Panel } from '../../http/shell.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { may } from '../people/access.js'
import { visiblePeople } from '../organisation/scope.js'
import { peopleNamed } from '../people/people.js'
import { coursesNamed, writtenBy } from './courses.js'
import { decideEnrolments, seeOverview } from './enrolment-subjects.js'
import { CourseModel, EnrolmentModel, type Enrolment } from './models.js'
import { myLearning } from './my-learning.js'
import { overviewTotals } from './overview.js'
import { suggestionsFor } from './suggesting.js'

const shownAtOnce = 4

/** What to do next, first of all on the home page: go on, what is due, what was asked for, what would close a gap. */
export const nextPanel: Panel = {
  place: 'home',
  view: 'learning:home-next',
  order: 0,
  load: async ({ actor }) => {
    const { underWay, requested } = await myLearning(actor)
    const suggestions = underWay.length < shownAtOnce ? await suggestionsFor(actor) : []
    const [first, ...others] = underWay
    if (!first && requested.length === 0 && suggestions.length === 0) return undefined
    return {
      first,
      others: others.slice(0, shownAtOnce - 1),
      more: Math.max(0, others.length - shownAtOnce + 1),
      requested,
      suggestions,
    }
  },
}

/** Requests that the actor may decide, on the home page. */
export const requestsPanel: Panel = {
  place: 'home',
  view: 'learning:home-requests',
  needs: decideEnrolments,
  order: 10,
  load: async ({ actor }) => {
    const requests = await requestsFor(actor)
    return requests.length > 0 ? { requests } : undefined
  },
}

/** How far the actor's people have come, on the home page. */
export const teamPanel: Panel = {
  place: 'home',
  view: 'learning:home-team',
  needs: seeOverview,
  order: 20,
  load: async ({ actor }) => overviewTotals(actor),
}

async function requestsFor(actor: Actor) {
  const clauses = await decidable(actor)
  if (clauses.length === 0) return []
  const found = await EnrolmentModel.find({ status: 'requested', $or: clauses })
    .limit(20)
    .lean<Enrolment[]>()
  const [people, courses] = await Promise.all([
    peopleNamed(found.map(({ person }) => person)),
    coursesNamed(found.map(({ course }) => course)),
  ])
  return found
    .filter(({ person }) => person !== actor.person)
    .map(({ _id, person, course, enrolledAt }) => ({
      id: _id,
      person: people.get(person)?.name ?? '',
      course: { id: course, title: courses.get(course)?.title ?? '' },
      at: enrolledAt.toISOString(),
    }))
}

/** Those of the courses the actor writes, and those of the people within reach. */
async function decidable(actor: Actor): Promise<object[]> {
  const courses = await approvedCourses(actor)
  const people = await visiblePeople(actor, decideEnrolments)
  return [
    ...(courses.length > 0 ? [{ course: { $in: courses } }] : []),
    ...(people.length > 0 ? [{ person: { $in: people } }] : []),
  ]
}

async function approvedCourses(actor: Actor): Promise<Id[]> {
  const own = writtenBy(actor)
  if (own.length === 0 || !may(actor, decideEnrolments)) return []
  const found = await CourseModel.find({ 'enrolment.rule': 'approval', $or: own }, { _id: 1 }).lean<
    { _id: Id }[]
  >()
  return found.map(({ _id }) => _id)
}
