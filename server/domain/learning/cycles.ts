import type { Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { settle } from '../../platform/owed.js'
import { owing } from './enrolments.js'
import { EnrolmentModel, type Enrolment } from './models.js'

/**
 * Has somebody take a course again that they completed: the next cycle begins, and what was done in those before stays
 * as it is. Asked twice for one cycle, it begins once.
 */
export async function beginCycle(
  { _id, cycle }: Pick<Enrolment, '_id' | 'cycle'>,
  { by, dueAt }: { readonly by: Id; readonly dueAt?: Date | undefined },
): Promise<void> {
  await EnrolmentModel.updateOne(
    { _id, cycle, status: 'completed' },
    {
      $set: {
        status: 'active',
        cycle: cycle + 1,
        enrolledAt: now(),
        enrolledBy: by,
        activities: {},
        ...(dueAt && { dueAt }),
      },
      $unset: {
        signs: 1,
        startedAt: 1,
        lastAt: 1,
        completedAt: 1,
        decidedBy: 1,
        decidedAt: 1,
        decidedFor: 1,
        enrolledFor: 1,
        ...(!dueAt && { dueAt: 1 }),
      },
      ...owing('count', 'tally', 'announce', 'complete'),
    },
  )
  await settle(EnrolmentModel, _id)
}

/** Says until when an enrolment that is under way is to be completed; nothing takes the date away. */
export async function setDue(enrolment: Id, dueAt: Date | undefined): Promise<void> {
  await EnrolmentModel.updateOne(
    { _id: enrolment, status: 'active' },
    { ...(dueAt ? { $set: { dueAt } } : { $unset: { dueAt: 1 } }), ...owing('tally') },
  )
  await settle(EnrolmentModel, enrolment)
}
