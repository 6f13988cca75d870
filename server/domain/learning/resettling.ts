import { z } from 'zod'
import { enqueue, type Job } from '../../platform/jobs.js'
import { owes } from '../../platform/owed.js'
import { CourseModel, EnrolmentModel, type Course, type Enrolment } from './models.js'
import { supersedeAttempts } from './superseding.js'
import { settleEnrolment } from './progress.js'

const batch = 200
const wanted = z.object({ course: z.string() })

/**
 * Works out anew how far everybody in a course has come, since what it asks of them has changed; first, whoever is to
 * begin a replaced package anew loses the attempt they were in the middle of.
 */
export const settleCourse: Job<z.infer<typeof wanted>> = {
  id: 'learning:settle-course',
  payload: wanted,
  async run({ course }) {
    await supersedeAttempts(course)
    for (const status of ['active', 'completed'] as const) await settleAll(course, status)
  },
}

owes<Course>(CourseModel, {
  settle: ({ _id, revision }) =>
    enqueue(settleCourse, { course: _id }, { key: `${_id}|${revision}` }),
})

async function settleAll(course: string, status: Enrolment['status']): Promise<void> {
  let after = ''
  for (;;) {
    const found = await EnrolmentModel.find(
      { course, status, person: { $gt: after } },
      { person: 1 },
    )
      .sort({ person: 1 })
      .limit(batch)
      .lean<Pick<Enrolment, '_id' | 'person'>[]>()
    for (const { _id } of found) await settleEnrolment(_id)
    if (found.length < batch) return
    after = found.at(-1)?.person ?? ''
  }
}
