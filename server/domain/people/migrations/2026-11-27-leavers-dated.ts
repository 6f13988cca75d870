import type { Db } from 'mongodb'
import { now } from '../../../platform/clock.js'

/** Accounts that were deactivated without a date: the time since they left is counted from today. */
export async function up(db: Db): Promise<void> {
  await db.collection('people_persons').updateMany(
    {
      status: 'deactivated',
      institution: { $exists: true },
      leavesAt: { $exists: false },
      mergedInto: { $exists: false },
    },
    { $set: { leavesAt: now() } },
  )
}
