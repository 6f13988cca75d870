import type { Db } from 'mongodb'

/** What attempts answered before answers were told to the course: they owe it, and the sweeper does it by and by. */
export async function up(db: Db): Promise<void> {
  await db
    .collection('scorm_runtimes')
    .updateMany({ savedAt: { $exists: true } }, { $addToSet: { owed: 'answers' } } as never)
}
