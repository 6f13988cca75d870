import type { Id } from '../../kernel/contract.js'
import { defineModel, Schema } from '../../platform/database.js'
import { owedIndex, owingFields, type Owing } from '../../platform/owed.js'
import { likenesses } from '../people/likeness.js'
import type { Carried } from '../people/merging.js'

/** Why two accounts may be one person's: what they share, and as a hint that both belong to one unit. */
export const reasons = [...likenesses, 'unit'] as const
export type Reason = (typeof reasons)[number]

export const pairStates = ['open', 'dismissed'] as const

/** Two accounts that may be of one person. Somebody who says that they are not keeps it from coming back. */
export interface Pair {
  /** `<first>|<second>`, in the order of their ids. */
  readonly _id: Id
  readonly first: Id
  readonly second: Id
  readonly reasons: readonly Reason[]
  /** The more, the likelier. */
  readonly strength: number
  /** The units to which both belong: whoever manages the people of one of them sees it. */
  readonly units: readonly Id[]
  /** Of both, for the search. */
  readonly words: readonly string[]
  readonly state: (typeof pairStates)[number]
  readonly foundAt: Date
  readonly dismissedBy?: Id
  readonly dismissedAt?: Date
}

const pairs = new Schema<Pair>({
  _id: { type: String, required: true },
  first: { type: String, required: true },
  second: { type: String, required: true },
  reasons: { type: [String], required: true },
  strength: { type: Number, required: true },
  units: { type: [String], required: true },
  words: { type: [String], default: [] },
  state: { type: String, required: true },
  foundAt: { type: Date, required: true },
  dismissedBy: String,
  dismissedAt: Date,
} as never)
pairs.index({ units: 1, state: 1, strength: 1, _id: 1 })
pairs.index({ units: 1, state: 1, foundAt: 1, _id: 1 })
pairs.index({ words: 1 })
pairs.index({ first: 1 })
pairs.index({ second: 1 })

export const PairModel = defineModel<Pair>('merging.Pair', pairs)

/** What merging does to the records of one kind. */
export interface Figure {
  /** Translation key of what the records are. */
  readonly label: string
  readonly moved: number
  /** Those that become one with a record of the account that stays. */
  readonly joined: number
  readonly dropped: number
  /** Those that go on naming the account that acted. */
  readonly stays: number
}

/** That an account, whose id is its own, was merged into another. It owes the steps until they are done. */
export interface Merge extends Owing {
  readonly _id: Id
  readonly kept: Id
  readonly by: Id
  readonly at: Date
  /** As the dry run said. */
  readonly figures: readonly Figure[]
  /** What the account that stays is given; no longer kept once it was. */
  readonly carried?: Carried
  readonly doneAt?: Date
}

const merges = new Schema<Merge>({
  _id: { type: String, required: true },
  kept: { type: String, required: true },
  by: { type: String, required: true },
  at: { type: Date, required: true },
  figures: { type: [Schema.Types.Mixed], required: true },
  carried: Schema.Types.Mixed,
  doneAt: Date,
  ...owingFields,
} as never)
merges.index({ kept: 1 })
merges.index({ by: 1 })
merges.index(...owedIndex)

export const MergeModel = defineModel<Merge>('merging.Merge', merges)
