import type { z } from 'zod'
import { toPage } from '../../http/lists.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { talliesOf } from '../../platform/tallies.js'
import { unitsNamed } from '../organisation/units.js'
import { may } from '../people/access.js'
import { findPerson, peopleNamed, type Person, type PersonName } from '../people/people.js'
import { attemptsAt, type Attempt } from './attempts.js'
import { deciding } from './completing.js'
import { stepsOf } from './courses.js'
import { decideEnrolments, ownedEnrolment } from './enrolment-subjects.js'
import { enrolmentOf, enrolmentsOf } from './enrolments.js'
import { scoreText } from './explaining.js'
import { pageOfTaking, participantsScope, peopleFilter } from './finding-people.js'
import type { participantsQuery } from './learner-forms.js'
import type { attemptsShown, participantLine, participantsShown } from './learner-shown.js'
import { writeToParticipants } from './messages/permission.js'
import type { Course, Enrolment } from './models.js'
import { enrolmentLine } from './standing.js'
import { courseTally, sum } from './tallying.js'

type Query = z.infer<typeof participantsQuery>
type Line = z.input<typeof participantLine>

/** A page of the people in a course whom the actor may see, and whom else the actor may enrol. */
export async function participantsPage(
  actor: Actor,
  course: Course,
  query: Query,
): Promise<z.input<typeof participantsShown>> {
  const { _id, title, language } = course
  const filter = peopleFilter(participantsScope(actor, course), { q: query.q })
  const [{ people, total }, tallies, attempts] = await Promise.all([
    pageOfTaking(filter, { course: _id, status: query.status, days: query.days }, query),
    talliesOf(courseTally, [_id]),
    query.person ? attemptsOf(actor, course, query.person) : null,
  ])
  const lines = await participantLines(actor, course, people)
  const path = `/courses/${encodeURIComponent(_id)}/participants`
  return {
    ...toPage(lines, total, { path, query }),
    course: { id: _id, title, language },
    counts: sum(tallies.values()),
    attempts,
    writes: may(actor, writeToParticipants),
  }
}

/** The steps somebody has begun, each with its attempt, for whoever may give another. */
async function attemptsOf(
  actor: Actor,
  course: Course,
  id: Id,
): Promise<z.input<typeof attemptsShown> | null> {
  const enrolment = await enrolmentOf(id, course._id)
  if (!enrolment) return null
  const person = await findPerson(id)
  if (!may(actor, decideEnrolments, ownedEnrolment({ person, course }))) return null
  const steps = stepsOf(course)
  const attempts = await attemptsAt(
    enrolment,
    steps.map((step) => step.id),
  )
  const authors = await peopleNamed(attempts.flatMap(({ given }) => given?.by ?? []))
  return {
    enrolment: enrolment._id,
    person: { id, name: person.name },
    steps: steps.flatMap(({ id: step, title }) => {
      const own = attempts.filter(({ activity }) => activity === step).toReversed()
      const [last] = own
      const done = Boolean(enrolment.activities[step]?.done)
      const given = givenOf(own, authors)
      if (!last?.progress && given.length === 0) return []
      const { number = 0, progress } = last ?? {}
      return [{ id: step, title, number, begun: Boolean(progress), done, given }]
    }),
  }
}

const givenOf = (attempts: readonly Attempt[], authors: ReadonlyMap<Id, PersonName>) =>
  attempts.flatMap(({ number, openedAt, given }) => {
    const by = (given && authors.get(given.by)?.name) ?? ''
    return given ? [{ number, by, at: openedAt.toISOString(), reason: given.reason }] : []
  })

async function participantLines(
  actor: Actor,
  course: Course,
  people: readonly Person[],
): Promise<Line[]> {
  const [enrolments, units] = await Promise.all([
    enrolmentsOf(
      people.map(({ _id }) => _id),
      [course._id],
    ),
    unitsNamed(
      people.flatMap(({ unit }) => unit ?? []),
      actor.language,
    ),
  ])
  const byPerson = new Map(enrolments.map((enrolment) => [enrolment.person, enrolment]))
  return people.flatMap((person) => {
    const enrolment = byPerson.get(person._id)
    if (!enrolment) return []
    const unit = (person.unit && units.get(person.unit)) ?? null
    return [
      {
        ...lineOf(actor, course, enrolment),
        person: named(person, unit),
        ...deciderOf(actor, course, person),
      },
    ]
  })
}

function lineOf(actor: Actor, course: Course, enrolment: Enrolment) {
  const wanted = deciding(stepsOf(course))
  const scaled = wanted.flatMap(({ id }) => enrolment.activities[id]?.score?.scaled ?? [])
  const mean = scaled.reduce((a, b) => a + b, 0) / scaled.length
  return {
    enrolment: enrolmentLine(enrolment),
    stepsDone: wanted.filter(({ id }) => enrolment.activities[id]?.done).length,
    stepsTotal: wanted.length,
    scoreText: scaled.length > 0 ? (scoreText(actor, { scaled: mean }) ?? null) : null,
  }
}

const named = ({ _id, name }: Person, unit: Id | null) => ({ id: _id, name, unit })

const deciderOf = (actor: Actor, course: Course, person: Person): { mayDecide: boolean } => ({
  mayDecide: may(actor, decideEnrolments, ownedEnrolment({ person, course })),
})
