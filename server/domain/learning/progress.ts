import { Unavailable } from '../../errors.js'
import type { Id } from '../../kernel/contract.js'
import { settle } from '../../platform/owed.js'
import { sendToPerson } from '../../platform/realtime.js'
import { attemptFor, attemptsAt } from './attempts.js'
import { activityProgress, isComplete, merged } from './completing.js'
import { award } from './completions.js'
import type { Progress } from './contract.js'
import { stepsOf } from './courses.js'
import { owing } from './enrolments.js'
import { signsOf } from './stuck.js'
import {
  AttemptModel,
  CourseModel,
  EnrolmentModel,
  type ActivityProgress,
  type Attempt,
  type Course,
  type Enrolment,
} from './models.js'

const mostTries = 12

/**
 * Records how far an attempt has come. Durable when it returns, and what follows from it is owed by the same update.
 * Reports may come twice and in any order: what was reached is never taken back.
 */
export async function recordProgress(attempt: Id, progress: Progress): Promise<void> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const before = await attemptFor(attempt)
    const after = merged(before.progress, progress)
    if (same(before.progress, after) || (await store(before, after))) {
      await settle(AttemptModel, attempt)
      return
    }
  }
  throw new Unavailable()
}

/**
 * Works out what a person has come to in a course from the attempts of the cycle, keeps it on the enrolment, and awards
 * the completion the first time all that decides is done. Doing it twice is once.
 */
export async function settleEnrolment(id: Id): Promise<void> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const enrolment = await EnrolmentModel.findById(id).lean<Enrolment>()
    const course = enrolment && (await CourseModel.findById(enrolment.course).lean<Course>())
    if (!course) return
    const attempts = await attemptsAt(
      enrolment,
      course.activities.map(({ id }) => id),
    )
    const activities = activitiesOf(enrolment, course, attempts)
    const isActive = enrolment.status === 'active'
    const signs = isActive ? signsOf(stepsOf(course), attempts) : []
    if (!(await keep(enrolment, { activities, signs }))) continue
    sendToPerson(enrolment.person, 'learning:changed', { course: course._id })
    if (enrolment.status === 'active' && isComplete(stepsOf(course), activities)) {
      await award({ ...enrolment, activities }, course)
    }
    return
  }
  throw new Unavailable()
}

async function store({ _id, revision }: Attempt, progress: Progress): Promise<boolean> {
  const { modifiedCount } = await AttemptModel.updateOne(
    { _id, revision },
    { $set: { progress }, ...owing('complete') },
  )
  return modifiedCount === 1
}

function activitiesOf(
  enrolment: Enrolment,
  course: Course,
  attempts: readonly Attempt[],
): Record<Id, ActivityProgress> {
  const found = course.activities.flatMap((activity): [Id, ActivityProgress][] => {
    const progress = activityProgress(
      activity,
      attempts.filter((attempt) => attempt.activity === activity.id),
      { rule: course.attempt, before: enrolment.activities[activity.id] },
    )
    return progress ? [[activity.id, progress]] : []
  })
  return Object.fromEntries(found)
}

/**
 * On the revision that was read: a slower process never puts older progress in the place of newer. Without any left,
 * nothing was begun.
 */
async function keep(
  { _id, revision, activities: before, signs: seen = [], startedAt }: Enrolment,
  { activities, signs }: Required<Pick<Enrolment, 'activities' | 'signs'>>,
): Promise<boolean> {
  if (same(before, activities) && same(seen, signs)) return true
  const saved = Object.values(activities).map(({ savedAt }) => Number(savedAt))
  const isOther = (startedAt !== undefined) !== saved.length > 0
  const begun = {
    startedAt: startedAt ?? new Date(Math.min(...saved)),
    lastAt: new Date(Math.max(...saved)),
  }
  const { modifiedCount } = await EnrolmentModel.updateOne(
    { _id, revision },
    {
      $set: {
        activities,
        ...(signs.length > 0 && { signs }),
        ...(saved.length > 0 && begun),
      },
      $unset: {
        ...(signs.length === 0 && { signs: 1 }),
        ...(saved.length === 0 && { startedAt: 1, lastAt: 1 }),
      },
      ...(isOther ? owing('tally') : { $inc: { revision: 1 } }),
    },
  )
  if (modifiedCount === 1 && isOther) await settle(EnrolmentModel, _id)
  return modifiedCount === 1
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
