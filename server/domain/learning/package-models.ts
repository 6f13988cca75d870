import type { Id, Name } from '../../kernel/contract.js'
import { defineModel, Schema } from '../../platform/database.js'
import type { ImportReport } from './contract.js'

/** One upload of a package. It never changes; its files are shared by all uploads of the same bytes. */
export interface PackageVersion {
  readonly _id: Id
  readonly course: Id
  readonly activity: Id
  readonly number: number
  readonly handler: Name
  /** Of the archive: the folder of its files. */
  readonly hash: string
  readonly name: string
  readonly report: ImportReport
  readonly manifest: Readonly<Record<string, unknown>>
  readonly by: Id
  readonly at: Date
}

const versions = new Schema<PackageVersion>({
  _id: { type: String, required: true },
  course: { type: String, required: true },
  activity: { type: String, required: true },
  number: { type: Number, required: true },
  handler: { type: String, required: true },
  hash: { type: String, required: true },
  name: { type: String, default: '' },
  report: { type: Schema.Types.Mixed, required: true },
  manifest: { type: Schema.Types.Mixed, required: true },
  by: { type: String, required: true },
  at: { type: Date, required: true },
})
versions.index({ activity: 1, number: -1 }, { unique: true })
versions.index({ hash: 1 })
versions.index({ by: 1 })

export const PackageVersionModel = defineModel<PackageVersion>('learning.PackageVersion', versions)
