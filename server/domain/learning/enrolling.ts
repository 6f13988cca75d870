import { NotFound } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { actsFor, may } from '../people/access.js'
import { audit } from '../people/audit.js'
import { findPerson } from '../people/people.js'
import { enrolOthers, ownedEnrolment } from './enrolment-subjects.js'
import { enrol, type Enrolled, type Enrolling } from './enrolments.js'
import type { Course } from './models.js'

/** Whom an actor may enrol, and the line manager for whom as a deputy. */
export type Enrollable = Pick<Enrolling, 'person' | 'actedFor'>

/** Oneself; somebody else only within reach, as trainer of the course or over their unit. Throws `NotFound`. */
export async function enrollable(
  actor: Actor,
  course: Course,
  wanted: Id | undefined,
): Promise<Enrollable> {
  if (!wanted || wanted === actor.person) return { person: actor.person ?? actor.name }
  const owned = ownedEnrolment({ person: await findPerson(wanted), course })
  if (!may(actor, enrolOthers, owned)) throw new NotFound()
  return { person: wanted, actedFor: actsFor(actor, enrolOthers, owned) }
}

/** Enrols whom `enrollable` allowed. What is done for another is in the audit log, once. */
export async function enrolAllowed(
  actor: Actor,
  course: Course,
  given: Enrollable & Pick<Enrolling, 'dueAt' | 'agreed'>,
): Promise<Enrolled> {
  const enrolled = await enrol(actor, course, given)
  const { person, actedFor } = given
  if (enrolled.isNew && person !== actor.person) {
    const details = { course: course.title, actedFor }
    await audit(actor, 'learning:enrolled-other', { object: person, details })
  }
  return enrolled
}
