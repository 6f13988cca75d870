import { Conflict, NotFound } from '../../errors.js'
import { owes } from '../../platform/owed.js'
import { coursesNamed, findCourse, type Course } from '../learning/courses.js'
import { namesSeeing } from '../learning/consents/consenting.js'
import { beginCycle, setDue } from '../learning/cycles.js'
import { enrol, enrolmentOf, leave, type Enrolment } from '../learning/enrolments.js'
import { notify } from '../notifications/notify.js'
import { systemActor } from '../people/access.js'
import { AssignmentModel, ObligationModel, type Assignment, type Obligation } from './models.js'
import { assigned, exempted } from './notifying.js'
import { namesOf } from './naming.js'

const actor = systemActor('assigning')

/** What an obligation comes to in the enrolment, and what the person is told of it, once. */
owes<Obligation>(ObligationModel, {
  apply: async (obligation) => {
    const { person, course, status } = obligation
    const enrolment = await enrolmentOf(person, course)
    if (status === 'open') return ask(obligation, enrolment)
    if (!enrolment) return
    if (status === 'lifted' && isUntouched(enrolment)) return leave(enrolment)
    if (status !== 'met') await setDue(enrolment._id, undefined)
    if (status === 'exempt') await tellExempt(obligation)
  },
})

/** Somebody else enrolled the person, who has not begun: with what was asked the enrolment ends. */
const isUntouched = ({ status, enrolledBy, person, startedAt }: Enrolment): boolean =>
  status === 'active' && enrolledBy !== person && !startedAt

async function ask(obligation: Obligation, enrolment: Enrolment | null): Promise<void> {
  const { cycle, dueAt } = obligation
  const source = await sourceOf(obligation)
  const by = source?.by ?? enrolment?.enrolledBy ?? actor.name
  if (enrolment?.status === 'completed') {
    if (cycle > enrolment.cycle) await beginCycle(enrolment, { by, dueAt })
  } else if (enrolment?.status === 'active') {
    await setDue(enrolment._id, dueAt)
  } else {
    await enrolFor(obligation, by)
  }
  if (source) await tellAssigned(obligation, source)
}

/** A course that takes nobody in just now, or wants others first, is tried again when something has changed. */
async function enrolFor({ person, course: id, dueAt }: Obligation, by: string): Promise<void> {
  const course = await courseOf(id)
  if (!course) return
  try {
    await enrol(actor, course, { person, dueAt, by, silently: true })
  } catch (error) {
    if (!(error instanceof Conflict)) throw error
  }
}

async function courseOf(id: string): Promise<Course | undefined> {
  try {
    return await findCourse(actor, id)
  } catch (error) {
    if (error instanceof NotFound) return undefined
    throw error
  }
}

const sourceOf = ({ sources }: Obligation): Promise<Assignment | null> =>
  AssignmentModel.findById(sources[0]?.assignment ?? '')
    .lean<Assignment>()
    .exec()

async function tellAssigned(
  { _id, person, course, cycle, openedAt, dueAt }: Obligation,
  { by, actedFor }: Assignment,
): Promise<void> {
  if (by === person || !openedAt) return
  const [names, people, seenBy] = await Promise.all([
    coursesNamed([course]),
    namesOf([by, actedFor]),
    namesSeeing(person, course),
  ])
  const title = names.get(course)?.title ?? ''
  await notify(person, assigned, {
    data: {
      course,
      title,
      ...people(by, actedFor),
      again: cycle > 1,
      seenBy,
      due: dueAt?.toISOString() ?? null,
    },
    key: `${_id}|${cycle}|${openedAt.toISOString()}`,
  })
}

async function tellExempt({ _id, person, course, exemption }: Obligation): Promise<void> {
  if (!exemption || exemption.by === person) return
  const { by, actedFor, reason, at } = exemption
  const [names, people] = await Promise.all([coursesNamed([course]), namesOf([by, actedFor])])
  const title = names.get(course)?.title ?? ''
  await notify(person, exempted, {
    data: { course, title, reason, ...people(by, actedFor) },
    key: `${_id}|${at.toISOString()}`,
  })
}
