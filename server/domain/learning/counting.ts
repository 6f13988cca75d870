import type { Id } from '../../kernel/contract.js'
import { CourseModel, EnrolmentModel, type Course } from './models.js'

/** Sets how many take part in a course and how many have completed it. The latest count stays, whoever counts at once. */
export async function countEnrolled(course: Id): Promise<void> {
  for (let tries = 0; tries < 10; tries += 1) {
    const before = await CourseModel.findById(course, { counts: 1 }).lean<Pick<Course, 'counts'>>()
    if (!before) return
    const [active, completed] = await Promise.all(
      (['active', 'completed'] as const).map((status) =>
        EnrolmentModel.countDocuments({ course, status }).exec(),
      ),
    )
    const counted = { enrolled: (active ?? 0) + (completed ?? 0), completed: completed ?? 0 }
    const { modifiedCount } = await CourseModel.updateOne(
      { _id: course, counts: before.counts },
      { $set: counted, $inc: { counts: 1 } },
    )
    if (modifiedCount === 1) return
  }
}
