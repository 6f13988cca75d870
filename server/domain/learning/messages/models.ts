import type { Id } from '../../../kernel/contract.js'
import { defineModel, Schema } from '../../../platform/database.js'
import { owedIndex, owingFields, type Owing } from '../../../platform/owed.js'

/** Which of those who take part a message is for. */
export const audiences = [
  'everybody',
  'unfinished',
  'not-started',
  'stalled',
  'overdue',
  'completed',
] as const
export type Audience = (typeof audiences)[number]

/** What somebody who follows a course wrote to those who take part in it. It owes `deliver`. */
export interface Message extends Owing {
  readonly _id: Id
  readonly course: Id
  readonly by: Id
  readonly at: Date
  readonly to: Audience
  readonly subject: string
  readonly text: string
  /** How many were told, once all were. */
  readonly told?: number
}

const messages = new Schema<Message>({
  _id: { type: String, required: true },
  course: { type: String, required: true },
  by: { type: String, required: true },
  at: { type: Date, required: true },
  to: { type: String, required: true },
  subject: { type: String, required: true },
  text: { type: String, required: true },
  told: Number,
  ...owingFields,
} as never)
messages.index({ course: 1, at: -1, _id: 1 })
messages.index({ course: 1, by: 1, at: -1, _id: 1 })
messages.index({ by: 1 })
messages.index(...owedIndex)

export const MessageModel = defineModel<Message>('learning.Message', messages)
