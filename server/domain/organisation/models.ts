import { Schema } from 'mongoose'
import type { Id } from '../../kernel/contract.js'
import { defineModel } from '../../platform/database.js'
import { owedIndex, owingFields, type Owing } from '../../platform/owed.js'

export const unitKinds = ['institution', 'delegation', 'unit'] as const
export type UnitKind = (typeof unitKinds)[number]
export const altitudes = ['strategic', 'tactical', 'operational'] as const
export type Altitude = (typeof altitudes)[number]

/** A node of an institution's tree. */
export interface Unit {
  readonly _id: Id
  name: string
  readonly kind: UnitKind
  readonly parent: Id | null
  /** Itself and its ancestors, the institution last. */
  readonly units: Id[]
  readonly institution: Id
}

const units = new Schema<Unit>({
  _id: { type: String, required: true },
  name: { type: String, required: true },
  kind: { type: String, required: true },
  parent: { type: String, default: null },
  units: { type: [String], required: true },
  institution: { type: String, required: true },
})
units.index({ units: 1, name: 1 })

export const UnitModel = defineModel<Unit>('organisation.Unit', units)

export type HeldAs = 'holder' | 'deputy'

/** Who holds a post from one date to another, or stands in for its holder. */
export interface Holder {
  readonly person: Id
  readonly from: Date
  readonly to?: Date | null
  readonly as: HeldAs
}

/** The levels that a post requires. */
export interface Profile {
  readonly framework: Id
  readonly targets: Readonly<Record<Id, number>>
}

/** A position in a unit. It owes `place` until the people it concerns know where they belong. */
export interface Post extends Owing {
  readonly _id: Id
  title: string
  readonly unit: Id
  readonly units: Id[]
  altitude: Altitude
  profile?: Profile
  reportsTo: Id | null
  holders: Holder[]
}

const posts = new Schema<Post>({
  _id: { type: String, required: true },
  title: { type: String, required: true },
  unit: { type: String, required: true },
  units: { type: [String], required: true },
  altitude: { type: String, required: true },
  profile: {
    type: new Schema({ framework: String, targets: Schema.Types.Mixed }, { _id: false }),
  },
  reportsTo: { type: String, default: null },
  holders: [
    new Schema(
      { person: String, from: Date, to: { type: Date, default: null }, as: String },
      { _id: false },
    ),
  ],
  ...owingFields,
})
posts.index({ units: 1, title: 1, _id: 1 })
posts.index({ 'holders.person': 1 })
posts.index({ reportsTo: 1 })
posts.index(...owedIndex)

export const PostModel = defineModel<Post>('organisation.Post', posts)

/** Where somebody without a post belongs. */
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
