import { Schema } from 'mongoose'
import type { Id } from '../../../kernel/contract.js'
import { defineModel } from '../../../platform/database.js'

/** Which passwords the people of an institution may choose. Its `_id` is the institution. */
export interface PasswordRule {
  readonly _id: Id
  /** In characters. */
  readonly minLength: number
  /** Whether what is known of a person is refused in a password: names, address, staff number, institution. */
  readonly refuseKnown: boolean
  /** Whether those that many people use are refused. */
  readonly refuseCommon: boolean
}

const rules = new Schema<PasswordRule>({
  _id: { type: String, required: true },
  minLength: { type: Number, required: true },
  refuseKnown: { type: Boolean, required: true },
  refuseCommon: { type: Boolean, required: true },
})

export const PasswordRuleModel = defineModel<PasswordRule>('people.PasswordRule', rules)
