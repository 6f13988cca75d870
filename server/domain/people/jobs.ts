import type { Job } from '../../platform/jobs.js'
import { now } from '../../platform/clock.js'
import { systemActor } from './access.js'
import { removeOldTries } from './limits.js'
import { removeOldLetters } from './letters.js'
import { removeExpiredLinks } from './links.js'
import { removeExpiredSessions } from './sessions.js'
import { removeExpiredTokens } from './tokens.js'
import { PersonModel } from './models.js'
import { changePerson } from './people.js'

/** Removes sessions, tokens, links and counted tries past their time. */
export const tidyAccounts: Job = {
  id: 'people:tidy-accounts',
  dailyAt: '02:40',
  async run() {
    await removeExpiredSessions()
    await removeExpiredTokens()
    await removeExpiredLinks()
    await removeOldLetters()
    await removeOldTries()
  },
}

/** Deactivates those whose last day has come. The record stays. */
export const deactivateLeavers: Job = {
  id: 'people:deactivate-leavers',
  every: '10 minutes',
  async run() {
    const due = { leavesAt: { $lte: now() }, status: { $ne: 'deactivated' as const } }
    const leavers = await PersonModel.find(due, { _id: 1 }).lean<{ _id: string }[]>()
    for (const { _id } of leavers) {
      await changePerson(systemActor('people:leavers'), _id, { status: 'deactivated' })
    }
  },
}
