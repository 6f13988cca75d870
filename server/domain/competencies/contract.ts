import type { Id, Name } from '../../kernel/contract.js'
import type { Kind } from './models.js'

export type { Altitude, Assurance, Evidence, Kind, Level, Texts } from './models.js'

/** A source of evidence, as screens name it. Its id is what the evidence names as `source`. */
export interface EvidenceKind {
  readonly id: Name
  readonly kind: Kind
  /** Translation key of what it is called. */
  readonly label: Name
}

declare module '../../kernel/contract.js' {
  interface Contributions {
    evidence: EvidenceKind
  }

  interface Events {
    'competencies:level-changed': {
      person: Id
      competency: Id
      framework: Id
      from: number
      to: number
      /** Counts the changes of this level. */
      change: number
    }
  }
}
