import type { EvidenceKind } from './contract.js'

/** Where evidence comes from that this feature itself adds. */
export const ownSources: readonly EvidenceKind[] = [
  { id: 'competencies:self-rating', kind: 'self', label: 'competencies:sources.self-rating' },
  { id: 'competencies:appraisal', kind: 'appraisal', label: 'competencies:sources.appraisal' },
  {
    id: 'competencies:prior-learning',
    kind: 'measurement',
    label: 'competencies:sources.prior-learning',
  },
]
