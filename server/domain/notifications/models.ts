import type { Id, Name } from '../../kernel/contract.js'
import { defineModel, Schema } from '../../platform/database.js'
import { owedIndex, owingFields, type Owing } from '../../platform/owed.js'
import type { Mailing } from './contract.js'

/** One entry of a person's inbox. `_id` is `<person>:<kind>:<key>`. */
export interface Notification extends Owing {
  readonly _id: Id
  readonly person: Id
  readonly kind: Name
  readonly data: unknown
  readonly at: Date
  /** Absent once read. */
  readonly unread?: true
  /** Set while the next digest is to tell of it. */
  readonly digest?: true
}

const notifications = new Schema<Notification>({
  _id: { type: String, required: true },
  person: { type: String, required: true },
  kind: { type: String, required: true },
  data: Schema.Types.Mixed,
  at: { type: Date, required: true },
  unread: Boolean,
  digest: Boolean,
  ...owingFields,
})
notifications.index({ person: 1, at: -1, _id: 1 })
notifications.index(
  { person: 1, unread: 1 },
  { partialFilterExpression: { unread: { $exists: true } } },
)
notifications.index({ digest: 1 }, { partialFilterExpression: { digest: { $exists: true } } })
notifications.index(...owedIndex)

export const NotificationModel = defineModel<Notification>(
  'notifications.Notification',
  notifications,
)

/** What a person chose: per kind, when mail is sent. */
export interface Preference {
  readonly _id: Id
  readonly mail: Readonly<Record<string, Mailing>>
}

const preferences = new Schema<Preference>({
  _id: { type: String, required: true },
  mail: { type: Schema.Types.Mixed, default: {} },
})

export const PreferenceModel = defineModel<Preference>('notifications.Preference', preferences)

/** How much of something was new when a visit began. */
export interface Change {
  readonly source: Name
  readonly count: number
}

/** When a person was last on the home page, and what had changed since the visit before the present one. */
export interface Visit {
  readonly _id: Id
  readonly lastAt: Date
  /** When the visit before ended; absent in the first one. */
  readonly since?: Date
  readonly changes: readonly Change[]
}

const visits = new Schema<Visit>({
  _id: { type: String, required: true },
  lastAt: { type: Date, required: true },
  since: Date,
  changes: [
    { type: new Schema({ source: String, count: Number }, { _id: false }), required: true },
  ],
} as never)

export const VisitModel = defineModel<Visit>('notifications.Visit', visits)
