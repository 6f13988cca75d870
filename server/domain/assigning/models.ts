import type { Id } from '../../kernel/contract.js'
import { defineModel, Schema } from '../../platform/database.js'
import { owedIndex, owingFields, type Owing } from '../../platform/owed.js'
import type { Audience } from './audience.js'
import type { Day } from './days.js'
import type { Due } from './due.js'

/** That a course is to be completed by those it is for, whoever they are by then. It owes `follow` until they have it. */
export interface Assignment extends Owing {
  readonly _id: Id
  readonly course: Id
  readonly audience: Audience
  /** The unit it is kept by, and the units above: who oversees them sees it. */
  readonly units: readonly Id[]
  readonly due?: Due
  /** After how many months it is to be completed again. */
  readonly months?: number
  readonly by: Id
  /** The line manager for whom a deputy acted. */
  readonly actedFor?: Id
  readonly at: Date
  /** Once it asks nothing of anybody any more. */
  readonly endedAt?: Date
}

const assignments = new Schema<Assignment>({
  _id: { type: String, required: true },
  course: { type: String, required: true },
  audience: { type: Schema.Types.Mixed, required: true },
  units: { type: [String], required: true },
  due: Schema.Types.Mixed,
  months: Number,
  by: { type: String, required: true },
  actedFor: String,
  at: { type: Date, required: true },
  endedAt: Date,
  ...owingFields,
} as never)
assignments.index({ units: 1, at: -1, _id: 1 })
assignments.index({ by: 1, at: -1, _id: 1 })
assignments.index({ course: 1 })
assignments.index({ 'audience.unit': 1 })
assignments.index({ 'audience.people': 1 })
assignments.index(...owedIndex)

export const AssignmentModel = defineModel<Assignment>('assigning.Assignment', assignments)

export const obligationStatuses = ['open', 'met', 'exempt', 'lifted'] as const

/** Why somebody need not, and who said so. */
export interface Exemption {
  readonly reason: string
  readonly by: Id
  readonly actedFor?: Id
  readonly at: Date
  /** When it ends; without it, never. */
  readonly until?: Date
}

/** That somebody wants a person reminded. */
export interface Asked {
  readonly by: Id
  readonly actedFor?: Id
  readonly at: Date
}

/**
 * That one person is to complete one course: what all assignments of it to that person come to. It owes `apply` until
 * the enrolment says the same. Where the person belongs today is kept on it, for lists.
 */
export interface Obligation extends Owing {
  /** The enrolment's own: `<person>|<course>`. */
  readonly _id: Id
  readonly person: Id
  readonly course: Id
  readonly status: (typeof obligationStatuses)[number]
  readonly units: readonly Id[]
  readonly manager: Id | null
  /** The assignments it follows from, each with the moment it began to concern the person. */
  readonly sources: readonly { readonly assignment: Id; readonly arrivedAt: Date }[]
  /** A date that was set with the enrolment itself. */
  readonly given?: Date
  /** The cycle of the enrolment that is to be completed. */
  readonly cycle: number
  readonly openedAt?: Date
  readonly dueAt?: Date
  /** When the course was last completed. */
  readonly completedAt?: Date
  /** When it is to be looked at again: a cycle opens, or an exemption ends. */
  readonly wakeAt?: Date
  /** When the person is reminded next. */
  readonly remindAt?: Date
  /** Where the person lives, the last day on which one was reminded. */
  readonly remindedOn?: Day
  readonly asked?: Asked
  readonly exemption?: Exemption
}

const obligations = new Schema<Obligation>({
  _id: { type: String, required: true },
  person: { type: String, required: true },
  course: { type: String, required: true },
  status: { type: String, required: true },
  units: [String],
  manager: { type: String, default: null },
  sources: [
    { type: new Schema({ assignment: String, arrivedAt: Date }, { _id: false }), required: true },
  ],
  given: Date,
  cycle: { type: Number, required: true },
  openedAt: Date,
  dueAt: Date,
  completedAt: Date,
  wakeAt: Date,
  remindAt: Date,
  remindedOn: String,
  asked: Schema.Types.Mixed,
  exemption: Schema.Types.Mixed,
  ...owingFields,
} as never)
obligations.index({ person: 1, status: 1 })
obligations.index({ units: 1, status: 1, dueAt: 1, _id: 1 })
obligations.index({ manager: 1, status: 1, dueAt: 1, _id: 1 })
obligations.index({ 'sources.assignment': 1, dueAt: 1, _id: 1 })
obligations.index({ remindAt: 1 }, { partialFilterExpression: { remindAt: { $exists: true } } })
obligations.index({ wakeAt: 1 }, { partialFilterExpression: { wakeAt: { $exists: true } } })
obligations.index(...owedIndex)

export const ObligationModel = defineModel<Obligation>('assigning.Obligation', obligations)
