import type { Id } from '../../kernel/contract.js'
import { defineModel, Schema } from '../../platform/database.js'
import { owedIndex, owingFields, type Owing } from '../../platform/owed.js'

/** How a support view ended: it was stopped, its time was over, a session ended, or rights had changed. */
export const endings = ['stopped', 'time', 'signed-out', 'rights'] as const
export type Ending = (typeof endings)[number]

/** That somebody looked at Palier as another person does, to help. */
export interface SupportView extends Owing {
  readonly _id: Id
  readonly by: Id
  readonly person: Id
  /** The session that looked. */
  readonly session: Id
  readonly reason: string
  /** Of the reason, for the search. */
  readonly words: readonly string[]
  readonly from: Date
  readonly until: Date
  /** Until it ends. */
  readonly open?: true
  readonly endedAt?: Date
  readonly ending?: Ending
}

const views = new Schema<SupportView>({
  _id: { type: String, required: true },
  by: { type: String, required: true },
  person: { type: String, required: true },
  session: { type: String, required: true },
  reason: { type: String, required: true },
  words: { type: [String], default: [] },
  from: { type: Date, required: true },
  until: { type: Date, required: true },
  open: Boolean,
  endedAt: Date,
  ending: String,
  ...owingFields,
} as never)
const whileOpen = { partialFilterExpression: { open: { $exists: true } } }
// Nobody looks as two people at once.
views.index({ by: 1 }, { name: 'open', unique: true, ...whileOpen })
views.index({ session: 1 }, whileOpen)
views.index({ until: 1 }, whileOpen)
views.index({ person: 1, from: 1, _id: 1 })
views.index({ by: 1, from: 1 })
views.index(...owedIndex)

export const SupportViewModel = defineModel<SupportView>('support.View', views)
