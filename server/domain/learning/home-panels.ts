import type { Panel } from '../../http/shell.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { may } from '../people/access.js'
import { visiblePeople } from '../organisation/scope.js'
import { peopleNamed } from '../people/people.js'
import { courseNamed, coursesNamed, writtenBy } from './courses.js'
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

const [atOnce, mostShown] = [200, 20]

async function requestsFor(actor: Actor) {
  const found = await waitingFor(actor)
  const [people, courses] = await Promise.all([
    peopleNamed(found.map(({ person }) => person)),
    coursesNamed(found.map(({ course }) => course)),
  ])
  return found.map(({ _id, person, course, enrolledAt }) => ({
    id: _id,
    person: people.get(person)?.name ?? '',
    course: courseNamed(courses, course),
    at: enrolledAt.toISOString(),
  }))
}

/** What was asked for first and waits: for the courses the actor writes, and by the people within reach. */
async function waitingFor(actor: Actor): Promise<Enrolment[]> {
  const courses = new Set(await approvedCourses(actor))
  const mine: Enrolment[] = []
  for (let skip = 0; mine.length < mostShown; skip += atOnce) {
    const some = await EnrolmentModel.find({ status: 'requested' })
      .sort({ enrolledAt: 1, _id: 1 })
      .skip(skip)
      .limit(atOnce)
      .lean<Enrolment[]>()
    const asking = [...new Set(some.map(({ person }) => person))]
    const led = new Set(await visiblePeople(actor, decideEnrolments, asking))
    mine.push(
      ...some.filter(
        ({ person, course }) => person !== actor.person && (led.has(person) || courses.has(course)),
      ),
    )
    if (some.length < atOnce) break
  }
  return mine.slice(0, mostShown)
}

async function approvedCourses(actor: Actor): Promise<Id[]> {
  const own = writtenBy(actor)
  if (own.length === 0 || !may(actor, decideEnrolments)) return []
  const found = await CourseModel.find({ 'enrolment.rule': 'approval', $or: own }, { _id: 1 }).lean<
    { _id: Id }[]
  >()
  return found.map(({ _id }) => _id)
}
