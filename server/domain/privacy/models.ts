import type { Id } from '../../kernel/contract.js'
import { defineModel, Schema } from '../../platform/database.js'
import { owedIndex, owingFields, type Owing } from '../../platform/owed.js'

/** That somebody was erased: when, by whom, and how many records of each kind. It names nobody any more. */
export interface Erasure extends Owing {
  readonly _id: string
  readonly person: Id
  readonly by: Id
  readonly at: Date
  readonly doneAt?: Date
  readonly removed?: readonly { readonly model: string; readonly count: number }[]
}

const erasures = new Schema<Erasure>({
  _id: { type: String, required: true },
  person: { type: String, required: true },
  by: { type: String, required: true },
  at: { type: Date, required: true },
  doneAt: Date,
  removed: {
    type: [new Schema({ model: String, count: Number }, { _id: false })],
    default: undefined,
  },
  ...owingFields,
})
erasures.index({ person: 1 })
erasures.index({ by: 1 })
erasures.index(...owedIndex)

export const ErasureModel = defineModel<Erasure>('privacy.Erasure', erasures)
