import type { Id, Name } from '../../kernel/contract.js'
import { defineModel, Schema } from '../../platform/database.js'
import { owedIndex, owingFields, type Owing } from '../../platform/owed.js'

/** A text in each language of the screens. */
export interface Texts {
  readonly en: string
  readonly fr: string
  readonly es: string
}

export type FrameworkStatus = 'draft' | 'published' | 'outdated'
export const altitudes = ['strategic', 'tactical', 'operational'] as const
export type Altitude = (typeof altitudes)[number]

export interface Behaviour {
  readonly id: string
  /** The level it first shows. */
  readonly level: number
  readonly text: Texts
}

export interface Competency {
  /** `<framework>:<slug>`, the same in every version. */
  readonly id: Id
  readonly title: Texts
  readonly definition: Texts
  readonly behaviours: Readonly<Record<Altitude, readonly Behaviour[]>>
}

export interface Profile {
  readonly id: string
  readonly altitude: Altitude
  readonly title: Texts
  readonly targets: Readonly<Record<Id, number>>
}

/** One version of a framework. A published one never changes: the next version replaces it, and it owes `replace`. */
export interface Framework extends Owing {
  /** `<slug>@<version>` */
  readonly _id: Id
  /** The same for all its versions. */
  readonly slug: string
  /** The institution that keeps it; everybody may read it once it is published. */
  readonly unit: Id
  readonly version: number
  readonly status: FrameworkStatus
  readonly title: Texts
  readonly description: Texts
  readonly scale: readonly {
    readonly level: number
    readonly name: Texts
    readonly description: Texts
  }[]
  readonly competencies: readonly Competency[]
  readonly profiles: readonly Profile[]
  readonly publishedAt?: Date
  /** The hidden id of the form that made it. */
  readonly form?: Id
}

const frameworks = new Schema<Framework>({
  _id: { type: String, required: true },
  slug: { type: String, required: true },
  unit: { type: String, required: true },
  version: { type: Number, required: true },
  status: { type: String, required: true },
  title: Schema.Types.Mixed,
  description: Schema.Types.Mixed,
  scale: [Schema.Types.Mixed],
  competencies: [Schema.Types.Mixed],
  profiles: [Schema.Types.Mixed],
  publishedAt: Date,
  form: String,
  ...owingFields,
})
frameworks.index({ slug: 1, version: 1 }, { unique: true })
frameworks.index({ status: 1, slug: 1, version: 1 })
frameworks.index(...owedIndex)

export const FrameworkModel = defineModel<Framework>('competencies.Framework', frameworks)

/** How a level was seen: what a person says of themself, what others judged, what was measured. */
export const kinds = ['self', 'appraisal', 'measurement'] as const
export type Kind = (typeof kinds)[number]

/** How a result was established, the weakest first. */
export const assurances = ['declared', 'server-marked', 'witnessed', 'supervised'] as const
export type Assurance = (typeof assurances)[number]

/** A fact that supports a level. Never changed, never removed. */
export interface Evidence extends Owing {
  readonly _id: Id
  readonly person: Id
  readonly competency: Id
  readonly level: number
  readonly kind: Kind
  /** What it comes from, such as `learning:completion`, and which one. */
  readonly source: Name
  readonly sourceId: Id
  /** What a reader is told it was: a course's title, a campaign's name. */
  readonly about: string
  /** Who judged, and in which words: of an appraisal. */
  readonly by?: Id
  readonly reason?: string
  readonly at: Date
  readonly assurance: Assurance
  readonly expiresAt?: Date
  /** The evidence that it corrects: that one is kept, and counts no more. */
  readonly replaces?: Id
}

const evidence = new Schema<Evidence>({
  _id: { type: String, required: true },
  person: { type: String, required: true },
  competency: { type: String, required: true },
  level: { type: Number, required: true },
  kind: { type: String, required: true },
  source: { type: String, required: true },
  sourceId: { type: String, required: true },
  about: { type: String, default: '' },
  by: String,
  reason: String,
  at: { type: Date, required: true },
  assurance: { type: String, required: true },
  expiresAt: Date,
  replaces: String,
  ...owingFields,
})
evidence.index({ person: 1, competency: 1, at: -1 })
evidence.index({ by: 1 }, { partialFilterExpression: { by: { $exists: true } } })
evidence.index({ expiresAt: 1 }, { partialFilterExpression: { expiresAt: { $exists: true } } })
evidence.index(...owedIndex)

export const EvidenceModel = defineModel<Evidence>('competencies.Evidence', evidence)

/** The rules by which evidence decides; each is said by `competencies:rules.<rule>`. */
export type Rule =
  'nothing-yet' | 'highest-measured' | 'latest-appraisal' | 'measured-since-appraisal'

/** Where a person stands in a competency, worked out from evidence by a stated rule. */
export interface Level extends Owing {
  /** `<person>|<competency>` */
  readonly _id: Id
  readonly person: Id
  readonly competency: Id
  /** 0 where nothing supports a level yet. */
  readonly level: number
  /** What the person says of themself; it fulfils no target. */
  readonly self?: number
  readonly rule: Rule
  /** The evidence that decided. */
  readonly decidedBy?: Id
  readonly settledAt: Date
  /** When the deciding evidence stops counting. */
  readonly expiresAt?: Date
  /** What the last change was, written with it so that telling it again tells the same. */
  readonly change?: { readonly from: number; readonly to: number; readonly number: number }
}

const levels = new Schema<Level>({
  _id: { type: String, required: true },
  person: { type: String, required: true },
  competency: { type: String, required: true },
  level: { type: Number, required: true },
  self: Number,
  rule: { type: String, required: true },
  decidedBy: String,
  settledAt: { type: Date, required: true },
  expiresAt: Date,
  change: { type: new Schema({ from: Number, to: Number, number: Number }, { _id: false }) },
  ...owingFields,
})
levels.index({ person: 1, competency: 1 }, { unique: true })
levels.index({ competency: 1, level: 1, person: 1 })
levels.index({ expiresAt: 1 }, { partialFilterExpression: { expiresAt: { $exists: true } } })
levels.index(...owedIndex)

export const LevelModel = defineModel<Level>('competencies.Level', levels)
