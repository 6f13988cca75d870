import { NotFound } from '../../errors.js'
import type { Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { isDuplicateKey } from '../../platform/database.js'
import { settle } from '../../platform/owed.js'
import { AttemptModel, type Activity, type Attempt, type Enrolment } from './models.js'

export type { Attempt } from './models.js'

/** An attempt by id, for those who hold a token of it or a record that names it. Throws `NotFound`. */
export async function attemptFor(id: Id): Promise<Attempt> {
  const attempt = await AttemptModel.findById(id).lean<Attempt>()
  if (!attempt) throw new NotFound()
  return attempt
}

/**
 * The open attempt of an activity, made where there is none, pinned to the package version of today. It changes nothing
 * else, however often and however many at once ask.
 */
export async function openAttempt(
  enrolment: Pick<Enrolment, '_id' | 'person' | 'course' | 'cycle'>,
  activity: Activity,
): Promise<Attempt> {
  const latest = await latestAttempt(enrolment, activity.id)
  if (latest?.status === 'open') return latest
  return insertAttempt(enrolment, activity, { number: (latest?.number ?? 0) + 1 })
}

/** The attempt a person is at, or was at last, in the cycle of an enrolment. */
export const latestAttempt = (
  { person, cycle }: Pick<Enrolment, 'person' | 'cycle'>,
  activity: Id,
): Promise<Attempt | null> =>
  AttemptModel.findOne({ person, activity, cycle }).sort({ number: -1 }).lean<Attempt>().exec()

/** Of what another attempt is given, after which one, by whom and why. */
export interface AnotherAttempt {
  readonly activity: Activity
  /** The attempt that ends: asked again for the same, nothing more is given. */
  readonly number: number
  readonly by: Id
  readonly reason: string
}

/** Ends the attempt a person is at and gives another, which its person is told of. Throws `NotFound`. */
export async function giveAnotherAttempt(
  enrolment: Enrolment,
  { activity, number, by, reason }: AnotherAttempt,
): Promise<{ attempt: Attempt; isNew: boolean }> {
  const { person, cycle } = enrolment
  const before = { person, activity: activity.id, cycle, number }
  if (!(await AttemptModel.exists(before))) throw new NotFound()
  await AttemptModel.updateOne({ ...before, status: 'open' }, { $set: { status: 'ended' } })
  const next = { ...before, number: number + 1 }
  const isNew = !(await AttemptModel.exists(next))
  const attempt = await insertAttempt(enrolment, activity, { number: next.number, by, reason })
  await settle(AttemptModel, attempt._id)
  return { attempt, isNew }
}

/** Attempts of a person at some activities in one cycle. */
export const attemptsAt = (
  { person, cycle }: Pick<Enrolment, 'person' | 'cycle'>,
  activities: readonly Id[],
): Promise<Attempt[]> =>
  AttemptModel.find({ person, activity: { $in: [...activities] }, cycle })
    .sort({ activity: 1, number: 1 })
    .lean<Attempt[]>()
    .exec()

/** Attempts of some people that were opened before a moment and are over: another was given, or all of it is done. */
export async function attemptsOver(people: readonly Id[], openedBefore: Date): Promise<Id[]> {
  const found = await AttemptModel.find(
    {
      person: { $in: [...people] },
      openedAt: { $lt: openedBefore },
      $or: [{ status: { $ne: 'open' } }, { 'progress.completion': 'completed' }],
    },
    { _id: 1 },
  ).lean<Pick<Attempt, '_id'>[]>()
  return found.map(({ _id }) => _id)
}

async function insertAttempt(
  { _id: enrolment, person, course, cycle }: Pick<Enrolment, '_id' | 'person' | 'course' | 'cycle'>,
  { id: activity, version }: Activity,
  { number, by, reason }: Pick<AnotherAttempt, 'number'> & Partial<Attempt['given']>,
): Promise<Attempt> {
  const attempt: Attempt = {
    _id: `${person}|${activity}|${cycle}|${number}`,
    person,
    course,
    activity,
    enrolment,
    cycle,
    number,
    ...(version && { version }),
    status: 'open',
    openedAt: now(),
    revision: 0,
    ...(by && reason && { given: { by, reason }, owed: ['given'] }),
  }
  try {
    await AttemptModel.create(attempt)
    return attempt
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
    return attemptFor(attempt._id)
  }
}
