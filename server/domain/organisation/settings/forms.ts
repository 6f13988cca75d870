import { z } from 'zod'
import { listQuery, sortOf } from '../../../http/lists.js'
import { languages } from '../../../platform/i18n.js'

const name = z.string().trim().min(1).max(200)
const language = z.enum(languages)

const colour = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^#?[0-9a-f]{6}$/, { error: 'organisation:colour-form' })
  .transform((typed) => (typed.startsWith('#') ? typed : `#${typed}`))

/** Boxes of a form come one by one or as a list; all left empty, they are not sent. */
const offered = z.preprocess(
  (sent) => (sent === undefined ? [] : [sent].flat()),
  z.array(language).min(1, { error: 'organisation:no-language' }),
)

export const settingsForm = z
  .strictObject({
    name,
    nameEn: name.optional(),
    nameFr: name.optional(),
    nameEs: name.optional(),
    colour: colour.optional(),
    languages: offered,
  })
  .transform(({ nameEn, nameFr, nameEs, languages: chosen, ...form }) => ({
    ...form,
    names: given({ en: nameEn, fr: nameFr, es: nameEs }),
    languages: languages.filter((one) => chosen.includes(one)),
  }))

export const stylesheetQuery = z.object({
  colour: z.string().regex(/^[0-9a-f]{6}$/),
  v: z.string().max(100).optional(),
})

/** Orders of announcements. */
export const announcementOrders = { until: { until: 1, _id: 1 } } as const

export const announcementsQuery = listQuery.extend({ sort: sortOf(announcementOrders) })

const announced = z.string().trim().min(1).max(500)

const announcementFields = z.strictObject({
  id: z.uuid().optional(),
  tone: z.enum(['info', 'warning']),
  textEn: announced.optional(),
  textFr: announced.optional(),
  textEs: announced.optional(),
  from: z.iso.date(),
  until: z.iso.date(),
  atSignIn: z.union([z.boolean(), z.literal('true').transform(() => true)]).default(false),
})

type AnnouncementFields = z.output<typeof announcementFields>

const announcementRules = <S extends z.ZodType<AnnouncementFields>>(fields: S) =>
  fields
    .refine(({ textEn, textFr, textEs }) => textEn ?? textFr ?? textEs, {
      path: ['textEn'],
      error: 'organisation:announcement-empty',
    })
    .refine(({ from, until }) => from <= until, {
      path: ['until'],
      error: 'organisation:ends-before-it-begins',
    })
    .transform(({ textEn, textFr, textEs, ...form }) => ({
      ...form,
      texts: given({ en: textEn, fr: textFr, es: textEs }),
    }))

export const newAnnouncementForm = announcementRules(announcementFields)
export const announcementForm = announcementRules(announcementFields).transform(
  ({ id: _, ...form }) => form,
)

export const closingForm = z.strictObject({ back: z.string().max(2000).optional() })

function given(texts: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([key, text]) => (text === undefined ? [] : [[key, text]])),
  )
}
