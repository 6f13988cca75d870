import { defineModel, owedIndex, owingFields, Schema, type Id, type Owing } from '#core'
import type { Counted } from './counting.js'
import type { Answer } from './sheet.js'

/** Whether those who complete a course are asked. `_id` is the course; one without any asks. */
export interface Setting {
  readonly _id: Id
  readonly isOn: boolean
}

const settings = new Schema<Setting>({
  _id: { type: String, required: true },
  isOn: { type: Boolean, required: true },
})

export const SettingModel = defineModel<Setting>('evaluation.Setting', settings)

/**
 * The sheet of somebody who completed a course, and whether it was answered; never what was, nor when. `_id` is the
 * completion: each is asked about once.
 */
export interface Sheet extends Owing {
  readonly _id: Id
  readonly person: Id
  readonly course: Id
  readonly cycle: number
  readonly isAnswered: boolean
  /** Under which the answer is being handed in; forgotten as soon as it is. */
  readonly ballot?: Id
}

const sheets = new Schema<Sheet>({
  _id: { type: String, required: true },
  person: { type: String, required: true },
  course: { type: String, required: true },
  cycle: { type: Number, required: true },
  isAnswered: { type: Boolean, required: true },
  ballot: String,
  ...owingFields,
})
sheets.index({ person: 1, course: 1, cycle: -1 })
sheets.index({ course: 1 })
sheets.index(...owedIndex)

export const SheetModel = defineModel<Sheet>('evaluation.Sheet', sheets)

/** An answer that waits to be counted with others, among which its key alone decides its place. */
export interface Waiting extends Answer {
  readonly key: Id
}

/**
 * Answers of as many people as it takes to hide each: they wait until the last of them is in, and are then kept as
 * counts. No person and no time is in it, and its ballots are in no order that says whose came first.
 */
export interface Batch extends Partial<Counted>, Owing {
  readonly _id: Id
  readonly course: Id
  readonly isOpen: boolean
  readonly ballots: readonly Id[]
  /** While it is open. */
  readonly waiting?: readonly Waiting[]
}

const batches = new Schema<Batch>({
  _id: { type: String, required: true },
  course: { type: String, required: true },
  isOpen: { type: Boolean, required: true },
  ballots: { type: [String], default: undefined },
  waiting: { type: [Schema.Types.Mixed], default: undefined } as never,
  marks: Schema.Types.Mixed,
  remarks: Schema.Types.Mixed,
  ...owingFields,
})
batches.index({ course: 1 })
batches.index({ isOpen: 1, course: 1 }, { unique: true, partialFilterExpression: { isOpen: true } })
batches.index({ ballots: 1 }, { unique: true })
batches.index(...owedIndex)

export const BatchModel = defineModel<Batch>('evaluation.Batch', batches)
