import type { Id } from '../../../kernel/contract.js'
import { defineModel, Schema } from '../../../platform/database.js'
import { owedIndex, owingFields, type Owing } from '../../../platform/owed.js'
import type { Completion } from '../models.js'

/** What somebody with reach over a completion says of it afterwards. Never changed: a later one takes its place. */
export interface Correction extends Owing {
  readonly _id: Id
  readonly completion: Id
  readonly person: Id
  readonly course: Id
  /** Counts the corrections of one completion, from 1. */
  readonly number: number
  /** Whether the completion counts. */
  readonly counts: boolean
  /** The levels it supports from then on; none where it does not count. */
  readonly outcomes: Completion['outcomes']
  readonly reason: string
  readonly by: Id
  readonly at: Date
}

const corrections = new Schema<Correction>({
  _id: { type: String, required: true },
  completion: { type: String, required: true },
  person: { type: String, required: true },
  course: { type: String, required: true },
  number: { type: Number, required: true },
  counts: { type: Boolean, required: true },
  outcomes: [Schema.Types.Mixed],
  reason: { type: String, required: true },
  by: { type: String, required: true },
  at: { type: Date, required: true },
  ...owingFields,
} as never)
corrections.index({ completion: 1, number: 1 }, { unique: true })
corrections.index({ person: 1 })
corrections.index({ by: 1 })
corrections.index(...owedIndex)

export const CorrectionModel = defineModel<Correction>('learning.Correction', corrections)
