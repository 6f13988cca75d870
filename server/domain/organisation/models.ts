import type { Id } from '../../kernel/contract.js'
import { defineModel, Schema } from '../../platform/database.js'
import { owedIndex, owingFields, type Owing } from '../../platform/owed.js'

export const unitKinds = [
  'institution',
  'delegation',
  'department',
  'office',
  'hospital',
  'unit',
] as const
export type UnitKind = (typeof unitKinds)[number]
export const altitudes = ['strategic', 'tactical', 'operational'] as const
export type Altitude = (typeof altitudes)[number]

/** A text in the languages an institution gave it; the plain text beside it stands in for the others. */
export type InLanguages = Readonly<Record<string, string>>

/** A node of an institution's tree. */
export interface Unit {
  readonly _id: Id
  name: string
  names?: InLanguages
  readonly kind: UnitKind
  readonly parent: Id | null
  /** Itself and its ancestors, the institution last. */
  readonly units: Id[]
  readonly institution: Id
}

const units = new Schema<Unit>({
  _id: { type: String, required: true },
  name: { type: String, required: true },
  names: Schema.Types.Mixed,
  kind: { type: String, required: true },
  parent: { type: String, default: null },
  units: { type: [String], required: true },
  institution: { type: String, required: true },
})
units.index({ units: 1, name: 1 })
units.index({ institution: 1, name: 1 })
units.index({ parent: 1 })

export const UnitModel = defineModel<Unit>('organisation.Unit', units)

export type HeldAs = 'holder' | 'deputy'

/** Who holds a post from one date to another, or stands in for its holder. */
export interface Holder {
  readonly person: Id
  readonly from: Date
  readonly to?: Date | null
  readonly as: HeldAs
}

/** A line of report that is over. */
export interface FormerLine {
  readonly post: Id | null
  readonly from: Date
  readonly to: Date
}

/** The levels that a post requires, by competency. */
export interface Profile {
  readonly framework: Id
  readonly targets: Readonly<Record<Id, number>>
}

/** A position in a unit. It owes `place` until the people it concerns know where they belong. */
export interface Post extends Owing {
  readonly _id: Id
  readonly title: string
  readonly titles?: InLanguages
  /** Folded beginnings of words of all its titles, for the search. */
  readonly words: readonly string[]
  readonly unit: Id
  readonly units: Id[]
  readonly altitude: Altitude
  readonly profile?: Profile
  readonly reportsTo: Id | null
  readonly formerLines: FormerLine[]
  /** Since when it reports where it does. */
  readonly reportsSince: Date
  readonly holders: Holder[]
}

const posts = new Schema<Post>({
  _id: { type: String, required: true },
  title: { type: String, required: true },
  titles: Schema.Types.Mixed,
  words: { type: [String], default: [] },
  unit: { type: String, required: true },
  units: { type: [String], required: true },
  altitude: { type: String, required: true },
  profile: {
    type: new Schema({ framework: String, targets: Schema.Types.Mixed }, { _id: false }),
  },
  reportsTo: { type: String, default: null },
  formerLines: {
    type: [new Schema({ post: String, from: Date, to: Date }, { _id: false })],
    default: [],
  },
  reportsSince: { type: Date, required: true },
  holders: {
    type: [
      new Schema(
        { person: String, from: Date, to: { type: Date, default: null }, as: String },
        { _id: false },
      ),
    ],
    default: [],
  },
  ...owingFields,
})
posts.index({ units: 1, title: 1, _id: 1 })
posts.index({ words: 1 })
posts.index({ 'holders.person': 1 })
posts.index({ 'holders.from': 1 })
posts.index({ 'holders.to': 1 })
posts.index({ reportsTo: 1 })
posts.index(...owedIndex)

export const PostModel = defineModel<Post>('organisation.Post', posts)

/** Where somebody without a post belongs, from one date to another. */
export interface Placement {
  readonly _id: Id
  readonly person: Id
  readonly unit: Id
  readonly from: Date
  readonly to?: Date | null
}

const placements = new Schema<Placement>({
  _id: { type: String, required: true },
  person: { type: String, required: true },
  unit: { type: String, required: true },
  from: { type: Date, required: true },
  to: { type: Date, default: null },
})
placements.index({ person: 1, from: -1 })
placements.index({ from: 1 })
placements.index({ to: 1 })

export const PlacementModel = defineModel<Placement>('organisation.Placement', placements)

/** The days on which an institution rests. */
export interface Calendar {
  /** The institution. */
  readonly _id: Id
  /** 0 for Sunday. */
  readonly restDays: readonly number[]
  readonly holidays: readonly { readonly day: string; readonly name: string }[]
}

const calendars = new Schema<Calendar>({
  _id: { type: String, required: true },
  restDays: [Number],
  holidays: [{ type: new Schema({ day: String, name: String }, { _id: false }) }],
})

export const CalendarModel = defineModel<Calendar>('organisation.Calendar', calendars)

/** A line manager is away, and somebody acts meanwhile. It owes what makes that known. */
export interface Absence extends Owing {
  readonly _id: Id
  /** Who is away. */
  readonly person: Id
  readonly deputy: Id
  readonly from: Date
  readonly to: Date
}

const absences = new Schema<Absence>({
  _id: { type: String, required: true },
  person: { type: String, required: true },
  deputy: { type: String, required: true },
  from: { type: Date, required: true },
  to: { type: Date, required: true },
  ...owingFields,
})
absences.index({ person: 1, to: 1 })
absences.index({ deputy: 1, to: 1 })
absences.index(...owedIndex)

export const AbsenceModel = defineModel<Absence>('organisation.Absence', absences)
