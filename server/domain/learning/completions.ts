import type { Id } from '../../kernel/contract.js'
import { isDuplicateKey } from '../../platform/database.js'
import { announce } from '../../platform/outbox.js'
import { owes, settle } from '../../platform/owed.js'
import { owing } from './enrolments.js'
import { addEvidence } from '../competencies/evidence.js'
import { notify } from '../notifications/notify.js'
import { resultOf } from './completing.js'
import { stepsOf } from './courses.js'
import {
  CompletionModel,
  EnrolmentModel,
  type Completion,
  type Course,
  type Enrolment,
} from './models.js'
import { completed } from './notifying.js'

export type { Completion } from './models.js'

/** What a person has completed, the latest first. */
export const completionsOf = (person: Id): Promise<Completion[]> =>
  CompletionModel.find({ person }).sort({ at: -1 }).limit(500).lean<Completion[]>().exec()

/**
 * Awards the completion of an enrolment's cycle, once; a second call finds it there. What it leads to is owed by it.
 */
export async function award(enrolment: Enrolment, course: Course): Promise<void> {
  const completion = completionFrom(enrolment, course)
  try {
    await CompletionModel.create(completion)
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
  }
  await EnrolmentModel.updateOne(
    { _id: enrolment._id, cycle: enrolment.cycle, status: 'active' },
    {
      $set: { status: 'completed', completedAt: completion.at },
      ...owing('count', 'tally'),
    },
  )
  await settle(EnrolmentModel, enrolment._id)
  await settle(CompletionModel, completion._id)
}

owes<Completion>(CompletionModel, {
  evidence: async ({ _id, person, outcomes, title, at, assurance }) => {
    for (const { competency, level } of outcomes) {
      await addEvidence({
        _id: `${_id}|${competency}`,
        person,
        competency,
        level,
        kind: 'measurement',
        source: 'learning:completion',
        sourceId: _id,
        about: title,
        at,
        assurance,
      })
    }
  },
  announce: ({ _id, person, course, enrolment, cycle }) =>
    announce(
      'learning:completed',
      { person, course, enrolment, completion: _id, cycle },
      { key: _id, subject: person },
    ),
  tell: async ({ _id, person, course, title }) =>
    notify(person, completed, { data: { course, title }, key: _id }),
})

function completionFrom(enrolment: Enrolment, course: Course): Completion {
  const { _id, person, cycle, activities } = enrolment
  return {
    _id: `${_id}|${cycle}`,
    person,
    course: course._id,
    enrolment: _id,
    cycle,
    courseVersion: course.version,
    title: course.title,
    outcomes: course.outcomes,
    ...resultOf(stepsOf(course), activities),
    revision: 1,
    owed: ['evidence', 'announce', 'tell'],
  }
}
