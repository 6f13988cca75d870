import { defineModel, owedIndex, owingFields, Schema, type Id, type Owing } from '#core'

export const enquiryStatuses = ['open', 'answered'] as const

/** What somebody wrote to those who coordinate their unit. It owes `tell`, and once answered `tell-answer`. */
export interface Enquiry extends Owing {
  readonly _id: Id
  readonly person: Id
  /** Where the person belonged, and the units above: who coordinates one of them may answer. */
  readonly units: readonly Id[]
  readonly status: (typeof enquiryStatuses)[number]
  readonly text: string
  /** Path of the page it is about. */
  readonly page?: string
  /** Of the request that failed, as the log has it. */
  readonly request?: string
  readonly at: Date
  readonly answer?: { readonly text: string; readonly by: Id; readonly at: Date }
  readonly words: readonly string[]
}

const enquiries = new Schema<Enquiry>({
  _id: { type: String, required: true },
  person: { type: String, required: true },
  units: [String],
  status: { type: String, required: true },
  text: { type: String, required: true },
  page: String,
  request: String,
  at: { type: Date, required: true },
  answer: { type: { text: String, by: String, at: Date }, _id: false, default: undefined },
  words: [String],
  ...owingFields,
} as never)
enquiries.index({ units: 1, at: -1, _id: 1 })
enquiries.index({ units: 1, status: 1, at: -1, _id: 1 })
enquiries.index({ person: 1, at: -1, _id: 1 })
enquiries.index({ words: 1 })
enquiries.index({ 'answer.by': 1 }, { partialFilterExpression: { answer: { $exists: true } } })
enquiries.index(...owedIndex)

export const EnquiryModel = defineModel<Enquiry>('contact.Enquiry', enquiries)
