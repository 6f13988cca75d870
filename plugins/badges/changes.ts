import type { ChangeSource } from '#core'
import { AwardModel } from './models.js'

/** Badges one has earned. */
export const earnedAwards: ChangeSource = {
  id: 'badges:awards',
  icon: 'award',
  href: ({ person = '' }) => `/people/${encodeURIComponent(person)}/badges`,
  count: async ({ person }, since) =>
    person ? AwardModel.countDocuments({ person, at: { $gt: since } }).exec() : 0,
}
