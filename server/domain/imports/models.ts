import type { Id } from '../../kernel/contract.js'
import { defineModel, Schema } from '../../platform/database.js'
import type { Encoding } from '../../platform/encodings.js'
import type { HouseChange } from '../organisation/rosters.js'
import type { Fields, NewListed } from '../people/rosters.js'
import type { Fault, Wanted } from './checking.js'
import type { Field } from './columns.js'
import type { Separator } from './reading.js'

export const statuses = ['reading', 'ready', 'applying', 'applied', 'undoing', 'undone'] as const
export type Status = (typeof statuses)[number]

/** What becomes of a line. */
export const outcomes = ['create', 'return', 'leave', 'move', 'change', 'same', 'refused'] as const
export type Outcome = (typeof outcomes)[number]
export type Counts = Readonly<Record<Outcome, number>>

/** A file of people, units and posts for a unit and all below it: a dry run first, then applied, perhaps undone. */
export interface Import {
  readonly _id: Id
  readonly unit: Id
  /** The unit and its ancestors. */
  readonly units: Id[]
  readonly institution: Id
  readonly by: Id
  readonly language: string
  readonly at: Date
  readonly file: string
  readonly encoding: Encoding
  readonly separator: Separator
  readonly header: string[]
  readonly columns: (Field | null)[]
  readonly status: Status
  readonly lines: number
  /** Lines dealt with in what is under way. */
  readonly seen: number
  readonly counts: Counts
  readonly newUnits: string[]
  readonly newPosts: number
  readonly appliedBy?: Id
  readonly appliedAt?: Date
  readonly undoneAt?: Date
  /** When its lines were removed, since they had been kept long enough. */
  readonly forgottenAt?: Date
}

const counts = Object.fromEntries(outcomes.map((outcome) => [outcome, Number]))

const imports = new Schema<Import>({
  _id: { type: String, required: true },
  unit: { type: String, required: true },
  units: { type: [String], required: true },
  institution: { type: String, required: true },
  by: { type: String, required: true },
  language: { type: String, required: true },
  at: { type: Date, required: true },
  file: { type: String, required: true },
  encoding: { type: String, required: true },
  separator: { type: String, required: true },
  header: { type: [String], required: true },
  columns: { type: [String], required: true },
  status: { type: String, required: true },
  lines: { type: Number, required: true },
  seen: { type: Number, default: 0 },
  counts: { type: new Schema(counts, { _id: false }), required: true },
  newUnits: { type: [String], default: [] },
  newPosts: { type: Number, default: 0 },
  appliedBy: String,
  appliedAt: Date,
  undoneAt: Date,
  forgottenAt: Date,
})
imports.index({ units: 1, at: -1, _id: 1 })
imports.index({ institution: 1, at: 1 })
imports.index({ by: 1 })
imports.index({ at: -1, _id: 1 })

export const ImportModel = defineModel<Import>('imports.Import', imports)

/** The bytes of a file until it is applied: other columns may be chosen for it. Compressed. */
export interface Source {
  /** The import's. */
  readonly _id: Id
  readonly bytes: Buffer
  readonly at: Date
}

const sources = new Schema<Source>({
  _id: { type: String, required: true },
  bytes: { type: Buffer, required: true },
  at: { type: Date, required: true },
})
sources.index({ at: 1 })

export const SourceModel = defineModel<Source>('imports.Source', sources)

/** What a line changes, to be written, and to be taken back. */
export interface Steps {
  readonly house: HouseChange
  readonly person?: NewListed
  readonly fields?: { readonly before: Fields; readonly after: Fields }
  readonly role?: { readonly id: Id; readonly role: string; readonly unit: Id; readonly from: Date }
}

export interface Change {
  readonly field: Field | 'status'
  readonly from: string | null
  readonly to: string | null
}

/**
 * A line of a file. It is `writing` from before its first change to after its last, so that a crash loses none; `undone`
 * once all of it is taken back.
 */
export interface Row {
  readonly _id: Id
  readonly import: Id
  /** The order of the work: leavers first, so that their posts are free for who comes. */
  readonly sequence: number
  readonly line: number
  readonly name: string
  readonly wanted: Wanted
  readonly state: 'planned' | 'writing' | 'done' | 'undone'
  readonly outcome: Outcome
  readonly changes: Change[]
  readonly faults: Fault[]
  readonly person?: Id
  readonly steps?: Steps
}

const rows = new Schema<Row>({
  _id: { type: String, required: true },
  import: { type: String, required: true },
  sequence: { type: Number, required: true },
  line: { type: Number, required: true },
  name: { type: String, default: '' },
  wanted: Schema.Types.Mixed,
  state: { type: String, required: true },
  outcome: { type: String, required: true },
  changes: { type: [Schema.Types.Mixed], default: [] } as never,
  faults: { type: [Schema.Types.Mixed], default: [] } as never,
  person: String,
  steps: Schema.Types.Mixed,
})
rows.index({ import: 1, state: 1, sequence: 1 })
rows.index({ import: 1, line: 1 })
rows.index({ import: 1, outcome: 1, line: 1 })
rows.index({ person: 1 })

export const RowModel = defineModel<Row>('imports.Row', rows)

/** Which field each header stands for, as chosen in an institution before. */
export interface ChosenColumns {
  /** The institution's. */
  readonly _id: Id
  readonly columns: { readonly header: string; readonly field: Field | null }[]
}

const chosen = new Schema<ChosenColumns>({
  _id: { type: String, required: true },
  columns: {
    type: [new Schema({ header: String, field: { type: String, default: null } }, { _id: false })],
    default: [],
  },
})

export const ChosenColumnsModel = defineModel<ChosenColumns>('imports.ChosenColumns', chosen)
