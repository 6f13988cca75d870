import type { Id } from '../../kernel/contract.js'
import { defineModel, Schema } from '../../platform/database.js'
import { owedIndex, owingFields, type Owing } from '../../platform/owed.js'
import type { Progress } from './contract.js'
import type { KeptFile } from './files.js'

export const activityKinds = ['package', 'page', 'file', 'video', 'discussion'] as const
export type ActivityKind = (typeof activityKinds)[number]

/** What makes an activity done: having been opened, said done by the learner, completed by its content, or passed. */
export const criteria = ['viewed', 'confirmed', 'completed', 'passed'] as const
export type Criterion = (typeof criteria)[number]

/** A step of a course. */
export interface Activity {
  readonly id: Id
  readonly kind: ActivityKind
  readonly title: string
  readonly criterion: Criterion
  /** A step that is not required is offered, and does not hold the completion back. */
  readonly required: boolean
  /** About how long it takes. */
  readonly minutes?: number
  /** A page's or a discussion's Markdown. */
  readonly text?: string
  /** A file or a video, in the storage. */
  readonly file?: KeptFile
  /** A video's words, in Markdown. */
  readonly transcript?: string
  /** The package version that new attempts are pinned to. */
  readonly version?: Id
  /** Where it is that same version: whoever is in the middle of an earlier one begins anew. */
  readonly restart?: Id
  /** Taken out of the course, and kept for those who had begun it. It is no step any more. */
  readonly retired?: boolean
}

export type EnrolmentRule =
  { readonly rule: 'open' | 'approval' } | { readonly rule: 'unit'; readonly units: readonly Id[] }

export const courseStatuses = ['draft', 'published', 'archived'] as const

/** What one enrols in. It owes `settle` until those enrolled stand as its steps want it today. */
export interface Course extends Owing {
  readonly _id: Id
  readonly title: string
  readonly language: string
  readonly summary: string
  readonly keywords: readonly string[]
  readonly status: (typeof courseStatuses)[number]
  /** Counts what was published: raised by publishing, and by each change of what a published course asks or gives. */
  readonly version: number
  /** The unit whose course it is, and the units above. */
  readonly unit: Id
  readonly units: readonly Id[]
  readonly trainers: readonly Id[]
  readonly outcomes: readonly { readonly competency: Id; readonly level: number }[]
  readonly prerequisites: readonly Id[]
  readonly enrolment: EnrolmentRule
  /** Which attempt's result counts. */
  readonly attempt: 'best' | 'last' | 'first'
  /** Those that were retired as well: `stepsOf` gives the steps. */
  readonly activities: readonly Activity[]
  /** About how long all of them take, kept for the catalogue. */
  readonly minutes: number
  readonly words: readonly string[]
  /** Kept, not counted: who has an active or completed enrolment, and who has completed. */
  readonly enrolled: number
  readonly completed: number
  /** Raised by each count, so that an older one never replaces a newer. */
  readonly counts: number
  readonly createdAt: Date
  readonly publishedAt?: Date
  /** The course it was made of. */
  readonly copiedFrom?: Id
}

const activity = new Schema<Activity>(
  {
    id: { type: String, required: true },
    kind: { type: String, required: true },
    title: { type: String, required: true },
    criterion: { type: String, required: true },
    required: { type: Boolean, default: true },
    minutes: Number,
    text: String,
    file: Schema.Types.Mixed,
    transcript: String,
    version: String,
    restart: String,
    retired: { type: Boolean, default: undefined },
  },
  { _id: false },
)

const courses = new Schema<Course>({
  _id: { type: String, required: true },
  title: { type: String, required: true },
  language: { type: String, required: true },
  summary: { type: String, default: '' },
  keywords: [String],
  status: { type: String, required: true },
  version: { type: Number, default: 0 },
  unit: { type: String, required: true },
  units: [String],
  trainers: [String],
  outcomes: [Schema.Types.Mixed],
  prerequisites: [String],
  enrolment: { type: Schema.Types.Mixed, required: true },
  attempt: { type: String, default: 'best' },
  activities: [activity],
  minutes: { type: Number, default: 0 },
  words: [String],
  enrolled: { type: Number, default: 0 },
  completed: { type: Number, default: 0 },
  counts: { type: Number, default: 0 },
  createdAt: { type: Date, required: true },
  publishedAt: Date,
  copiedFrom: String,
  ...owingFields,
} as never)
courses.index({ units: 1, status: 1, title: 1, _id: 1 })
courses.index({ status: 1, title: 1, _id: 1 })
courses.index({ status: 1, publishedAt: 1, _id: 1 })
courses.index({ words: 1 })
courses.index({ trainers: 1, title: 1 })
courses.index({ 'activities.id': 1 })
courses.index({ 'outcomes.competency': 1, status: 1 })
courses.index(...owedIndex)

export const CourseModel = defineModel<Course>('learning.Course', courses)

export const enrolmentStatuses = ['requested', 'active', 'completed', 'ended', 'refused'] as const

/** That somebody may take part in a course. */
export interface Enrolment extends Owing {
  /** `<person>|<course>`: one per person and course, whatever comes of it. */
  readonly _id: Id
  readonly person: Id
  readonly course: Id
  readonly status: (typeof enrolmentStatuses)[number]
  /** Counts the times the course is taken: re-certification begins the next. */
  readonly cycle: number
  /** When it was last asked for, or given by somebody. */
  readonly enrolledAt: Date
  readonly enrolledBy: Id
  readonly decidedBy?: Id
  readonly decidedAt?: Date
  /** Who approved or refused, and when; the line manager for whom a deputy enrolled, or decided. */
  readonly enrolledFor?: Id
  readonly decidedFor?: Id
  readonly dueAt?: Date
  readonly startedAt?: Date
  readonly lastAt?: Date
  readonly completedAt?: Date
  /** What each activity has come to in this cycle, kept as attempts report it. */
  readonly activities: Readonly<Record<Id, ActivityProgress>>
  /** By what one sees that the person is stuck; absent where nothing says so. */
  readonly signs?: readonly StuckSign[]
  /** While what another account of the person did is being brought here. */
  readonly joining?: JoinedCycles & { readonly from: Id }
}

/** Where the cycles of an enrolment go when it is joined with another of the same person and course. */
export interface JoinedCycles {
  /** How many cycles the account that stays had: the other's completed ones come after them. */
  readonly before: number
  /** How many the other had completed. */
  readonly done: number
  /** The cycle that both are at from then on. */
  readonly top: number
}

/** Too many attempts at a step; or coming back to the same page of it, visit after visit. */
export const stuckSigns = ['many-attempts', 'same-page'] as const
export type StuckSign = (typeof stuckSigns)[number]

/** What an activity has come to. Its `seconds` are those of all attempts. */
export interface ActivityProgress extends Omit<Progress, 'items'> {
  readonly done: boolean
  readonly doneAt?: Date
  /** The attempt it comes from. */
  readonly attempt?: Id
}

const enrolments = new Schema<Enrolment>({
  _id: { type: String, required: true },
  person: { type: String, required: true },
  course: { type: String, required: true },
  status: { type: String, required: true },
  cycle: { type: Number, default: 1 },
  enrolledAt: { type: Date, required: true },
  enrolledBy: { type: String, required: true },
  enrolledFor: String,
  decidedBy: String,
  decidedAt: Date,
  decidedFor: String,
  ...{ dueAt: Date, startedAt: Date, lastAt: Date, completedAt: Date },
  activities: { type: Schema.Types.Mixed, default: {} },
  signs: { type: [String], default: undefined },
  joining: Schema.Types.Mixed,
  ...owingFields,
} as never)
enrolments.index({ person: 1, status: 1, lastAt: -1 })
enrolments.index({ course: 1, status: 1, person: 1 })
enrolments.index({ course: 1, signs: 1 }, { partialFilterExpression: { signs: { $exists: true } } })
enrolments.index({ enrolledAt: 1, _id: 1 }, { partialFilterExpression: { status: 'requested' } })
enrolments.index(...owedIndex)

export const EnrolmentModel = defineModel<Enrolment>('learning.Enrolment', enrolments)

/** What was done on an activity, from its beginning to its end, pinned to the package version it began with. */
export interface Attempt extends Owing {
  readonly _id: Id
  readonly person: Id
  readonly course: Id
  readonly activity: Id
  readonly enrolment: Id
  readonly cycle: number
  /** Counts within the cycle, from 1. */
  readonly number: number
  readonly version?: Id
  /** `ended` once another has been given; `superseded` where its package was replaced before it was done. */
  readonly status: 'open' | 'ended' | 'superseded'
  readonly openedAt: Date
  readonly progress?: Progress
  /** Who gave it after the one before, and why. */
  readonly given?: { readonly by: Id; readonly reason: string }
}

const attempts = new Schema<Attempt>({
  _id: { type: String, required: true },
  person: { type: String, required: true },
  course: { type: String, required: true },
  activity: { type: String, required: true },
  enrolment: { type: String, required: true },
  cycle: { type: Number, required: true },
  number: { type: Number, required: true },
  version: String,
  status: { type: String, required: true },
  openedAt: { type: Date, required: true },
  progress: Schema.Types.Mixed,
  given: { type: { by: String, reason: String }, _id: false, default: undefined },
  ...owingFields,
} as never)
attempts.index({ person: 1, activity: 1, cycle: 1, number: 1 }, { unique: true })
attempts.index({ activity: 1, status: 1 })
attempts.index({ 'given.by': 1 }, { partialFilterExpression: { 'given.by': { $exists: true } } })
attempts.index(...owedIndex)

export const AttemptModel = defineModel<Attempt>('learning.Attempt', attempts)

/** That somebody has completed a course, once per cycle. Never changed. It owes its evidence and its announcement. */
export interface Completion extends Owing {
  /** `<enrolment>|<cycle>` */
  readonly _id: Id
  readonly person: Id
  readonly course: Id
  readonly enrolment: Id
  readonly cycle: number
  readonly at: Date
  readonly courseVersion: number
  /** As it was called then. */
  readonly title: string
  readonly outcomes: Course['outcomes']
  /** Of the activities that decided, the weakest. */
  readonly assurance: Progress['assurance']
  readonly seconds: number
  readonly scaled?: number
}

const completions = new Schema<Completion>({
  _id: { type: String, required: true },
  person: { type: String, required: true },
  course: { type: String, required: true },
  enrolment: { type: String, required: true },
  cycle: { type: Number, required: true },
  at: { type: Date, required: true },
  courseVersion: { type: Number, required: true },
  title: { type: String, required: true },
  outcomes: [Schema.Types.Mixed],
  assurance: { type: String, required: true },
  seconds: { type: Number, required: true },
  scaled: Number,
  ...owingFields,
} as never)
completions.index({ person: 1, at: -1 })
completions.index({ course: 1, at: -1 })
completions.index(...owedIndex)

export const CompletionModel = defineModel<Completion>('learning.Completion', completions)
