import type { Id } from '../../../kernel/contract.js'
import { defineModel, Schema } from '../../../platform/database.js'
import type { Language } from '../../../platform/i18n.js'
import type { MailAnswer } from '../../../platform/mail.js'
import type { InLanguages } from '../models.js'
import type { Logo } from './logos.js'

/** What an institution's administrator chose. What was never chosen is left out. */
export interface InstitutionSettings {
  /** The institution. */
  readonly _id: Id
  /** As it was given, `#rrggbb`; screens show what `paletteOf` makes of it. */
  readonly colour?: string
  readonly logo?: Logo
  /** The languages that forms and the browser's wish choose from. */
  readonly languages?: readonly Language[]
  /** What came of the last mail that was sent to try the server. */
  readonly mailTrial?: MailAnswer & { readonly at: Date }
}

/** A text at the top of every page of an institution, from one day to another. */
export interface StoredAnnouncement {
  readonly _id: Id
  readonly institution: Id
  readonly tone: 'info' | 'warning'
  readonly texts: InLanguages
  /** First and last day, `2026-12-25`. */
  readonly from: string
  readonly until: string
  readonly atSignIn: boolean
}

const announcements = new Schema<StoredAnnouncement>({
  _id: { type: String, required: true },
  institution: { type: String, required: true },
  tone: { type: String, required: true },
  texts: { type: Schema.Types.Mixed, required: true },
  from: { type: String, required: true },
  until: { type: String, required: true },
  atSignIn: { type: Boolean, required: true },
})
announcements.index({ institution: 1, until: 1, _id: 1 })
announcements.index({ until: 1, from: 1 })

export const AnnouncementModel = defineModel<StoredAnnouncement>(
  'organisation.Announcement',
  announcements,
)

const settings = new Schema<InstitutionSettings>({
  _id: { type: String, required: true },
  colour: String,
  logo: {
    type: new Schema(
      { hash: String, type: String, width: Number, height: Number },
      { _id: false, typeKey: '$type' },
    ),
  },
  languages: { type: [String], default: undefined },
  mailTrial: { type: new Schema({ at: Date, outcome: String, said: String }, { _id: false }) },
})

export const InstitutionSettingsModel = defineModel<InstitutionSettings>(
  'organisation.InstitutionSetting',
  settings,
)
