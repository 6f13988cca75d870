import type { Id } from '../../../kernel/contract.js'
import { defineModel, Schema } from '../../../platform/database.js'
import type { Answer } from '../contract.js'

/** A question of a package version, as the first answer to it described it. It is nobody's. */
export interface Question {
  /** `<version>|<question>` */
  readonly _id: Id
  readonly version: Id
  readonly question: string
  /** Its place among the questions of whoever answered it first, from 0. */
  readonly place: number
  readonly kind: Answer['kind']
  readonly text: string
  readonly part?: string
  /** What is right, in the parts that answers are counted by. */
  readonly right: readonly string[]
}

const questions = new Schema<Question>({
  _id: { type: String, required: true },
  version: { type: String, required: true },
  question: { type: String, required: true },
  place: { type: Number, required: true },
  kind: { type: String, required: true },
  text: { type: String, required: true },
  part: String,
  right: [String],
})
questions.index({ version: 1 })

export const QuestionModel = defineModel<Question>('learning.Question', questions)

/** What is kept of a first answer. */
export interface KeptAnswer {
  readonly question: string
  /** The parts it is counted by; none of longer texts, which nobody but their content needs. */
  readonly parts: readonly string[]
  readonly share?: number
  readonly seconds?: number
}

/** The first answers of a person to the questions of a package version: those of the attempt they came in first. */
export interface AnswerSheet {
  /** `<person>|<version>` */
  readonly _id: Id
  readonly person: Id
  readonly version: Id
  readonly attempt: Id
  /** Of the attempt. */
  readonly cycle: number
  readonly number: number
  readonly revision: number
  readonly answers: readonly KeptAnswer[]
}

const sheets = new Schema<AnswerSheet>({
  _id: { type: String, required: true },
  person: { type: String, required: true },
  version: { type: String, required: true },
  attempt: { type: String, required: true },
  cycle: { type: Number, required: true },
  number: { type: Number, required: true },
  revision: { type: Number, required: true },
  answers: { type: [Schema.Types.Mixed], required: true },
} as never)
sheets.index({ person: 1 })
sheets.index({ version: 1 })

export const AnswerSheetModel = defineModel<AnswerSheet>('learning.AnswerSheet', sheets)
