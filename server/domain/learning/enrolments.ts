import { Conflict, NotFound } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { isDuplicateKey } from '../../platform/database.js'
import { settle } from '../../platform/owed.js'
import { agree } from './consents/consenting.js'
import { mayEnrolAtOnce, refuseUnprepared, refuseUnpublished } from './entering.js'
import { EnrolmentModel, type Course, type Enrolment } from './models.js'

export type { Enrolment } from './models.js'

/** An enrolment, and whether it was there before. */
export interface Enrolled {
  readonly enrolment: Enrolment
  readonly isNew: boolean
}

export interface Enrolling {
  readonly person: Id
  readonly dueAt?: Date | undefined
  /** Whoever enrols themselves agrees to what other institutions see. */
  readonly agreed?: boolean
  /** On whose behalf a job enrols; by default the actor. */
  readonly by?: Id
  /** The line manager for whom the actor enrols as a deputy. */
  readonly actedFor?: Id | undefined
  /** Whoever enrols tells the person in words of their own. */
  readonly silently?: boolean
}

export const enrolmentId = (person: Id, course: Id): Id => `${person}|${course}`

/** The enrolment of a person in a course, whatever its state. */
export const enrolmentOf = (person: Id, course: Id): Promise<Enrolment | null> =>
  EnrolmentModel.findById(enrolmentId(person, course)).lean<Enrolment>().exec()

/** Enrolments of some people, in some courses if given, for lists made within the actor's scope. */
export const enrolmentsOf = (
  people: readonly Id[],
  courses?: readonly Id[],
): Promise<Enrolment[]> =>
  EnrolmentModel.find({
    person: { $in: [...people] },
    ...(courses && { course: { $in: [...courses] } }),
  })
    .lean<Enrolment[]>()
    .exec()

/**
 * Enrols somebody, or asks for it where the course wants approval; who is enrolled already stays so. The actor is the
 * person, or holds `learning:enrol-others` over them: that was judged before. Throws `learning:not-published`,
 * `learning:not-for-unit`, `learning:prerequisites-missing` and `learning:consent-missing`.
 */
export async function enrol(
  actor: Actor,
  course: Course,
  { person, dueAt, by, actedFor, agreed = false, silently = false }: Enrolling,
): Promise<Enrolled> {
  refuseUnpublished(course)
  const before = await enrolmentOf(person, course._id)
  if (before && standing.has(before.status) && !admits(actor, before)) {
    return { enrolment: before, isNew: false }
  }
  await refuseUnprepared(person, course)
  const status = (await mayEnrolAtOnce(actor, person, course)) ? 'active' : 'requested'
  await agree(actor, course, { person, agreed })
  const given = {
    status,
    enrolledAt: now(),
    enrolledBy: by ?? actor.person ?? actor.name,
    ...(actedFor && { enrolledFor: actedFor }),
    ...(dueAt && { dueAt }),
  } as const
  const steps = follows[status].filter((step) => !silently || step !== 'tell')
  const isNew = before
    ? await takeUpAgain(before, given, steps)
    : await insert({ person, course: course._id }, given, steps)
  await settle(EnrolmentModel, enrolmentId(person, course._id))
  const enrolment = await enrolmentOf(person, course._id)
  if (!enrolment) throw new NotFound()
  return { enrolment, isNew }
}

/** Who decides, and the line manager for whom as a deputy. */
export interface Decider {
  readonly decidedBy: Id
  readonly decidedFor?: Id
}

/** Lets somebody in who asked. Twice is once. Throws `learning:not-requested`. */
export const approve = (enrolment: Enrolment, by: Decider): Promise<void> =>
  decide(enrolment, 'active', by)

/** Does not let somebody in who asked; they may ask again. Throws `learning:not-requested`. */
export const refuse = (enrolment: Enrolment, by: Decider): Promise<void> =>
  decide(enrolment, 'refused', by)

/** Ends an enrolment that is not completed, or takes a request back. What was done is kept for a return. */
export async function leave(enrolment: Enrolment): Promise<void> {
  if (enrolment.status === 'completed') throw new Conflict('learning:already-completed')
  await EnrolmentModel.updateOne(
    { _id: enrolment._id, status: { $in: ['requested', 'active'] } },
    { $set: { status: 'ended' }, ...owing('count', 'tally') },
  )
  await settle(EnrolmentModel, enrolment._id)
}

type Given = Pick<Enrolment, 'status' | 'enrolledAt' | 'enrolledBy'> & Partial<Enrolment>

const standing: ReadonlySet<Enrolment['status']> = new Set(['requested', 'active', 'completed'])

/** What follows from being let in, from asking, or from not being let in. */
const follows = {
  active: ['count', 'tally', 'announce', 'tell', 'complete'],
  requested: ['tally', 'tell'],
  refused: ['tally', 'tell'],
} as const

/** Who may enrol others lets in by that whoever had asked. */
const admits = (actor: Actor, { status, person }: Enrolment): boolean =>
  status === 'requested' && actor.person !== person

/** The part of an update that says what it owes. */
export const owing = (...steps: readonly string[]) => ({
  $addToSet: { owed: { $each: [...steps] } },
  $inc: { revision: 1 },
})

async function insert(
  { person, course }: Pick<Enrolment, 'person' | 'course'>,
  given: Given,
  owed: readonly string[],
): Promise<boolean> {
  const enrolment: Enrolment = {
    _id: enrolmentId(person, course),
    person,
    course,
    cycle: 1,
    activities: {},
    ...given,
    revision: 1,
    owed,
  }
  try {
    await EnrolmentModel.create(enrolment)
    return true
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
    return false
  }
}

/** What was done before is kept; the one of several at once that comes first changes it. */
async function takeUpAgain(
  { _id, status }: Enrolment,
  given: Given,
  steps: readonly string[],
): Promise<boolean> {
  const { modifiedCount } = await EnrolmentModel.updateOne(
    { _id, status },
    {
      $set: given,
      $unset: {
        ...{ decidedBy: 1, decidedAt: 1, decidedFor: 1 },
        ...(!given.enrolledFor && { enrolledFor: 1 }),
      },
      ...owing(...steps),
    },
  )
  return modifiedCount === 1
}

async function decide(
  { _id, status: before }: Enrolment,
  status: 'active' | 'refused',
  by: Decider,
): Promise<void> {
  if (before === status) return
  const { modifiedCount } = await EnrolmentModel.updateOne(
    { _id, status: 'requested' },
    {
      $set: { status, ...by, decidedAt: now() },
      ...owing(...follows[status]),
    },
  )
  if (modifiedCount === 0) throw new Conflict('learning:not-requested')
  await settle(EnrolmentModel, _id)
}
