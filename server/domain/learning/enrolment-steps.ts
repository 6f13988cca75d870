import type { Id } from '../../kernel/contract.js'
import { announce } from '../../platform/outbox.js'
import { owes } from '../../platform/owed.js'
import { sendToPerson } from '../../platform/realtime.js'
import { deputiesOf } from '../organisation/absences.js'
import { notify } from '../notifications/notify.js'
import { findPerson, peopleNamed } from '../people/people.js'
import { namesSeeing } from './consents/consenting.js'
import { countEnrolled } from './counting.js'
import { CourseModel, EnrolmentModel, type Course, type Enrolment } from './models.js'
import { approved, enrolledByOther, refused, requested } from './notifying.js'
import { settleEnrolment } from './progress.js'
import { enrolmentMoved } from './tallying.js'

/** What follows from an enrolment. Keys are made of its dates, so that a step done twice tells nobody twice. */
owes<Enrolment>(EnrolmentModel, {
  count: ({ course }) => countEnrolled(course),
  tally: enrolmentMoved,
  announce: async ({ _id, person, course, enrolledAt }) =>
    announce(
      'learning:enrolled',
      { person, course, enrolment: _id },
      { key: `${_id}|${enrolledAt.toISOString()}`, subject: person },
    ),
  tell: async (enrolment) => {
    const course = await CourseModel.findById(enrolment.course).lean<Course>()
    if (!course) return
    await tell(enrolment, course)
    sendToPerson(enrolment.person, 'learning:changed', { course: course._id })
  },
  complete: ({ _id }) => settleEnrolment(_id),
})

async function tell(enrolment: Enrolment, { _id: course, title, trainers }: Course): Promise<void> {
  const { person, status, enrolledBy, enrolledAt, decidedBy, decidedAt } = enrolment
  const about = { course, title }
  const key = `${enrolment._id}|${(decidedAt ?? enrolledAt).toISOString()}`
  if (status === 'requested') return askToDecide(enrolment, about, trainers)
  if (status === 'refused') {
    const name = await nameOf(decidedBy)
    const actedFor = await nameOrNull(enrolment.decidedFor)
    return notify(person, refused, { data: { ...about, name, actedFor }, key })
  }
  if (status !== 'active') return
  if (decidedBy) return notify(person, approved, { data: about, key })
  if (enrolledBy !== person) {
    const name = await nameOf(enrolledBy)
    const actedFor = await nameOrNull(enrolment.enrolledFor)
    const seenBy = await namesSeeing(person, course)
    await notify(person, enrolledByOther, { data: { ...about, name, actedFor, seenBy }, key })
  }
}

/** The trainers of the course, the person's line manager, and whoever acts for that manager. */
async function askToDecide(
  { person, enrolledAt }: Enrolment,
  about: { course: Id; title: string },
  trainers: readonly Id[],
): Promise<void> {
  const { name, manager } = await findPerson(person)
  const lead = manager ? [manager, ...(await deputiesOf(manager))] : []
  const asked = new Set([...trainers, ...lead])
  asked.delete(person)
  const key = `${about.course}|${person}|${enrolledAt.toISOString()}`
  for (const one of asked) await notify(one, requested, { data: { ...about, name }, key })
}

const nameOrNull = async (person: Id | undefined): Promise<string | null> =>
  person ? await nameOf(person) : null

async function nameOf(person: Id | undefined): Promise<string> {
  const names = await peopleNamed(person ? [person] : [])
  return (person && names.get(person)?.name) ?? ''
}
