import { defineModel, owedIndex, owingFields, Schema, type Id, type Owing } from '#core'

/** A text in each language of the screens. */
export interface Texts {
  readonly en: string
  readonly fr: string
  readonly es: string
}

/** What earns a badge: a course completed, some number of courses, or a level of a competency. */
export type Criterion =
  | { readonly kind: 'completion'; readonly course: Id }
  | { readonly kind: 'courses'; readonly count: number }
  | { readonly kind: 'level'; readonly competency: Id; readonly level: number }

export const criterionKinds = ['completion', 'courses', 'level'] as const

/** A badge that people of a unit can earn. Its criterion never changes: who holds it met this one. */
export interface Badge {
  readonly _id: Id
  readonly title: Texts
  readonly description: Texts
  readonly icon: string
  readonly criterion: Criterion
  /** For whom it is: the people of this unit and of those below. */
  readonly unit: Id
  readonly author: Id
  readonly createdAt: Date
  /** From then on it is awarded to nobody more. */
  readonly retiredAt?: Date
}

const texts = new Schema<Texts>({ en: String, fr: String, es: String }, { _id: false })

const badges = new Schema<Badge>({
  _id: { type: String, required: true },
  title: { type: texts, required: true },
  description: { type: texts, required: true },
  icon: { type: String, required: true },
  criterion: { type: Schema.Types.Mixed, required: true },
  unit: { type: String, required: true },
  author: { type: String, required: true },
  createdAt: { type: Date, required: true },
  retiredAt: Date,
})
badges.index({ unit: 1, createdAt: -1 })
badges.index({ author: 1 })
badges.index({ 'criterion.course': 1 })
badges.index({ 'criterion.competency': 1, 'criterion.level': 1 })

export const BadgeModel = defineModel<Badge>('badges.Badge', badges)

/** A badge that a person has earned. `_id` is `<person>:<badge>`: it is earned once. */
export interface Award extends Owing {
  readonly _id: Id
  readonly person: Id
  readonly badge: Id
  readonly at: Date
}

const awards = new Schema<Award>({
  _id: { type: String, required: true },
  person: { type: String, required: true },
  badge: { type: String, required: true },
  at: { type: Date, required: true },
  ...owingFields,
})
awards.index({ person: 1, at: -1 })
awards.index({ badge: 1, at: -1 })
awards.index(...owedIndex)

export const AwardModel = defineModel<Award>('badges.Award', awards)

/** Who may see a person's badges, besides those within whose scope the person is. */
export const audiences = ['scope', 'colleagues'] as const
export type Audience = (typeof audiences)[number]

/** What a person chose. `_id` is the person. */
export interface Showcase {
  readonly _id: Id
  readonly audience: Audience
}

const showcases = new Schema<Showcase>({
  _id: { type: String, required: true },
  audience: { type: String, required: true },
})

export const ShowcaseModel = defineModel<Showcase>('badges.Showcase', showcases)

/** The courses a person has completed, for badges on their number. `_id` is the person. */
export interface Tally {
  readonly _id: Id
  readonly courses: readonly Id[]
}

const tallies = new Schema<Tally>({
  _id: { type: String, required: true },
  courses: { type: [String], default: [] },
})

export const TallyModel = defineModel<Tally>('badges.Tally', tallies)
