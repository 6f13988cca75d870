import type { Id } from '../../../kernel/contract.js'
import { defineModel, Schema } from '../../../platform/database.js'

/** That a person agreed to what other institutions see of them in a course. It is withdrawn, never changed. */
export interface Consent {
  readonly _id: Id
  readonly person: Id
  readonly course: Id
  /** The institutions that see it, as they were named. */
  readonly institutions: readonly Id[]
  /** Which text was agreed to, and in what language it was read. */
  readonly version: number
  readonly language: string
  /** Of the course's title, for the search. */
  readonly words: readonly string[]
  readonly at: Date
  readonly withdrawnAt?: Date
}

const consents = new Schema<Consent>({
  _id: { type: String, required: true },
  person: { type: String, required: true },
  course: { type: String, required: true },
  institutions: { type: [String], required: true },
  version: { type: Number, required: true },
  language: { type: String, required: true },
  words: { type: [String], default: [] },
  at: { type: Date, required: true },
  withdrawnAt: Date,
} as never)
consents.index({ person: 1, at: 1, _id: 1 })
consents.index({ person: 1, course: 1 })

export const ConsentModel = defineModel<Consent>('learning.Consent', consents)
