import type { Id, Name } from '../../../kernel/contract.js'
import { defineModel, Schema } from '../../../platform/database.js'
import type { Months } from '../contract.js'

/** How long an institution keeps what, as far as it chose. `_id` is the institution, or `installation`. */
export interface RetentionRule {
  readonly _id: Id
  readonly kept: readonly { readonly kind: Name; readonly months: Months }[]
}

const rules = new Schema<RetentionRule>({
  _id: { type: String, required: true },
  kept: {
    type: [new Schema({ kind: String, months: { type: Number, default: null } }, { _id: false })],
    default: [],
  },
})

export const RetentionRuleModel = defineModel<RetentionRule>('privacy.RetentionRule', rules)
