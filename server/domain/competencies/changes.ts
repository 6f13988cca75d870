import type { ChangeSource } from '../notifications/contract.js'
import { EvidenceModel } from './models.js'

/** Evidence about oneself that others or courses gave. */
export const ownEvidence: ChangeSource = {
  id: 'competencies:evidence',
  icon: 'bar-chart-steps',
  href: ({ person = '' }) => `/people/${encodeURIComponent(person)}/competencies`,
  count: async ({ person }, since) =>
    person
      ? EvidenceModel.countDocuments({ person, kind: { $ne: 'self' }, at: { $gt: since } }).exec()
      : 0,
}
