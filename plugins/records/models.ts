import { defineModel, Schema, type Id } from '#core'

/** What says that somebody completed a course. Its `_id` is the number printed on it, which nobody can guess. */
export interface Certificate {
  readonly _id: string
  readonly completion: Id
  readonly person: Id
  readonly course: Id
  /** As the course was called then. */
  readonly title: string
  readonly at: Date
  readonly seconds: number
  readonly issuedAt: Date
  /** Whether its owner lets anybody with the number see that it is true. */
  readonly isPublic: boolean
}

const certificates = new Schema<Certificate>({
  _id: { type: String, required: true },
  completion: { type: String, required: true },
  person: { type: String, required: true },
  course: { type: String, required: true },
  title: { type: String, required: true },
  at: { type: Date, required: true },
  seconds: { type: Number, required: true },
  issuedAt: { type: Date, required: true },
  isPublic: { type: Boolean, default: false },
})
certificates.index({ completion: 1 }, { unique: true })
certificates.index({ person: 1 })

export const CertificateModel = defineModel<Certificate>('records.Certificate', certificates)
