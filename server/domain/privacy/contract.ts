import type { Id, Name } from '../../kernel/contract.js'

/** How many months a record is kept; null for good. */
export type Months = number | null

/** Records as they are told on the page on how long they are kept. */
interface Kept {
  readonly id: Name
  /** Translation key of what they are; with `-hint` behind it, of what begins the time, or why they are kept as long. */
  readonly label: Name
}

/** Records that stay for good, or whose time is fixed: the page says why. */
export interface Lasting extends Kept {
  readonly lasting: true
}

/** Of whose records the old ones are asked for. */
export interface Due {
  readonly before: Date
  /** People of one institution, a few hundred at most; or the institution itself; or nobody, for the whole installation. */
  readonly owners: readonly Id[]
}

/** Records that are removed once they are old, and how an institution may set when that is. */
export interface Removable extends Kept {
  readonly model: string
  /** By whom a record belongs to an institution. What belongs to none is set for the whole installation. */
  readonly of: 'people' | 'institution' | 'installation'
  /** Where nobody chose. */
  readonly defaultMonths: Months
  /** What the law or the purpose wants them kept for at least. */
  readonly minMonths: number
  /** The filter over the model that finds all that is due and nothing else: what is counted is what is removed. */
  due(asked: Due): object | Promise<object>
  /** What removing is, where it is not to delete the records. Afterwards the filter finds them no more. */
  remove?(ids: readonly Id[]): Promise<void>
}

export type Retention = Removable | Lasting

declare module '../../kernel/contract.js' {
  interface Contributions {
    retention: Retention
  }
}
