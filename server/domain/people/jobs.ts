import type { Job } from '../../platform/jobs.js'
import { removeOldTries } from './limits.js'
import { removeExpiredLinks } from './links.js'
import { removeExpiredSessions } from './sessions.js'
import { removeExpiredTokens } from './tokens.js'

/** Removes sessions, tokens, links and counted tries past their time. */
export const tidyAccounts: Job = {
  id: 'people:tidy-accounts',
  dailyAt: '02:40',
  async run() {
    await removeExpiredSessions()
    await removeExpiredTokens()
    await removeExpiredLinks()
    await removeOldTries()
  },
}
