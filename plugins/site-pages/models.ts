import { defineModel, Schema, type Id } from '#core'

/** The pages that the foot of every page leads to. */
export const slugs = ['help', 'accessibility', 'privacy'] as const
export type Slug = (typeof slugs)[number]

/** A text in each language of the screens, in Markdown. */
export interface Texts {
  readonly en: string
  readonly fr: string
  readonly es: string
}

/** A page as an institution wrote it. What was said before is kept: a version is never changed. */
export interface PageVersion {
  /** `<slug>@<version>` */
  readonly _id: string
  readonly slug: Slug
  /** From 1; 0 is the text that comes with Palier. */
  readonly version: number
  readonly texts: Texts
  readonly by: Id
  readonly at: Date
}

const versions = new Schema<PageVersion>({
  _id: { type: String, required: true },
  slug: { type: String, required: true },
  version: { type: Number, required: true },
  texts: { type: new Schema<Texts>({ en: String, fr: String, es: String }, { _id: false }) },
  by: { type: String, required: true },
  at: { type: Date, required: true },
})
versions.index({ slug: 1, version: -1 }, { unique: true })
versions.index({ by: 1 })

export const PageVersionModel = defineModel<PageVersion>('site-pages.PageVersion', versions)

/** That a person has read the privacy notice. `_id` is the person. */
export interface Acknowledgement {
  readonly _id: Id
  readonly version: number
  readonly at: Date
}

const acknowledgements = new Schema<Acknowledgement>({
  _id: { type: String, required: true },
  version: { type: Number, required: true },
  at: { type: Date, required: true },
})

export const AcknowledgementModel = defineModel<Acknowledgement>(
  'site-pages.Acknowledgement',
  acknowledgements,
)
