import type { z } from 'zod'
import { NotFound } from '../../errors.js'
import { toPage } from '../../http/lists.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { may } from '../people/access.js'
import { findPerson, type Person } from '../people/people.js'
import { ownedEnrolment, readProgress } from './enrolment-subjects.js'
import { enrolmentOf, enrolmentsOf } from './enrolments.js'
import { pageOfTaking, participantsScope, peopleFilter } from './finding-people.js'
import type { progressQuery } from './learner-forms.js'
import type { progressShown } from './learner-shown.js'
import type { Course } from './models.js'
import { standingOf } from './standing.js'

type Query = z.infer<typeof progressQuery>

/**
 * How far somebody has come in a course, the actor unless another is asked for, and everybody else in it whom the actor
 * may see. Throws `NotFound` for a person out of reach.
 */
export async function progressPage(
  actor: Actor,
  course: Course,
  query: Query,
): Promise<z.input<typeof progressShown>> {
  const person = await personAsked(actor, course, query.person)
  const enrolment = person ? await enrolmentOf(person._id, course._id) : null
  const { _id: id, title, language } = course
  return {
    ...standingOf(actor, course, enrolment),
    course: { id, title, language },
    person: person ? { id: person._id, name: person.name } : null,
    own: person?._id === actor.person,
    ...(await everybody(actor, course, query)),
  }
}

async function personAsked(
  actor: Actor,
  course: Course,
  wanted: Id | undefined,
): Promise<Person | undefined> {
  const id = wanted ?? actor.person
  if (!id) return undefined
  const person = await findPerson(id)
  if (!may(actor, readProgress, ownedEnrolment({ person, course }))) throw new NotFound()
  return person
}

async function everybody(actor: Actor, course: Course, query: Query) {
  const filter = peopleFilter(participantsScope(actor, course), { q: query.q })
  const { people, total } = await pageOfTaking(filter, { course: course._id }, query)
  const enrolments = await enrolmentsOf(
    people.map(({ _id }) => _id),
    [course._id],
  )
  const byPerson = new Map(enrolments.map((enrolment) => [enrolment.person, enrolment]))
  const items = people.map(({ _id, name }) => ({
    person: { id: _id, name },
    ...standingOf(actor, course, byPerson.get(_id) ?? null),
  }))
  return toPage(items, total, {
    path: `/courses/${encodeURIComponent(course._id)}/progress`,
    query,
  })
}
