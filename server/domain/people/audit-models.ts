import { Schema } from 'mongoose'
import type { Id, Name } from '../../kernel/contract.js'
import { defineModel } from '../../platform/database.js'

/** One line of the audit log. `_id` is its number; each line's hash covers the one before. */
export interface AuditEntry {
  readonly _id: string
  readonly at: Date
  readonly action: Name
  readonly actor: {
    readonly kind: 'person' | 'system'
    readonly person?: Id
    readonly name: string
  }
  readonly institution?: Id
  readonly object?: string
  readonly details: Readonly<Record<string, string>>
  readonly hash: string
}

const audit = new Schema<AuditEntry>({
  _id: { type: String, required: true },
  at: { type: Date, required: true },
  action: { type: String, required: true },
  actor: { type: new Schema({ kind: String, person: String, name: String }, { _id: false }) },
  institution: String,
  object: String,
  details: { type: Schema.Types.Mixed, default: {} },
  hash: { type: String, required: true },
})
audit.index({ institution: 1, _id: -1 })
audit.index({ 'actor.person': 1, _id: -1 })
audit.index({ object: 1, _id: -1 })

export const AuditModel = defineModel<AuditEntry>('people.AuditEntry', audit)
