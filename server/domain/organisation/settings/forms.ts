import { z } from 'zod'
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

function given(texts: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([key, text]) => (text === undefined ? [] : [[key, text]])),
  )
}
