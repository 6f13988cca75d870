import { defineModel, owedIndex, owingFields, Schema } from '#core'
import type { Runtime, Scos } from './runtime/runtime.js'

const runtimeSchema = new Schema<Runtime>({
  _id: { type: String, required: true },
  person: { type: String, required: true },
  version: { type: String, required: true },
  standard: { type: String, required: true },
  ...owingFields,
  epoch: { type: Number, required: true },
  live: Boolean,
  savedAt: Date,
  scos: { type: Schema.Types.Mixed, required: true },
  launches: { type: [Schema.Types.Mixed] },
  secondsBefore: { type: Schema.Types.Mixed },
  sequencing: String,
  objectives: String,
  shared: String,
  closings: { type: [Schema.Types.Mixed], default: undefined },
} as never)
runtimeSchema.index(...owedIndex)
runtimeSchema.index({ person: 1 })
runtimeSchema.index({ live: 1 }, { partialFilterExpression: { live: { $exists: true } } })

export const RuntimeModel = defineModel<Runtime>('scorm.Runtime', runtimeSchema)

/** State that is not the attempt's own any more, or not yet: of a launch that was replaced, and late work on it. */
export interface KeptState {
  /** `attempt:epoch`, and the launch where two devices believe in the same epoch. */
  readonly _id: string
  readonly attempt: string
  readonly person: string
  readonly epoch: number
  /** `closing`: as it was left. `late`: with work that came after. */
  readonly kind: 'closing' | 'late'
  readonly status: 'kept' | 'offered' | 'taken' | 'discarded'
  readonly revision: number
  readonly scos: Scos
  readonly seqs: Readonly<Record<string, number>>
  readonly at: Date
}

const keptSchema = new Schema<KeptState>({
  _id: { type: String, required: true },
  attempt: { type: String, required: true },
  person: { type: String, required: true },
  epoch: { type: Number, required: true },
  kind: { type: String, required: true },
  status: { type: String, required: true },
  revision: { type: Number, required: true },
  scos: { type: Schema.Types.Mixed, required: true },
  seqs: { type: Schema.Types.Mixed, required: true },
  at: { type: Date, required: true },
})
keptSchema.index({ attempt: 1, kind: 1, epoch: -1 })
keptSchema.index({ person: 1 })

export const KeptStateModel = defineModel<KeptState>('scorm.KeptState', keptSchema)
