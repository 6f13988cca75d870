import { z } from 'zod'
import { altitudes } from './models.js'

/** The columns of a framework's table, as its first line names them. */
export const columns = [
  'row',
  'id',
  'of',
  'altitude',
  'level',
  'title_en',
  'title_fr',
  'title_es',
  'text_en',
  'text_fr',
  'text_es',
] as const

const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'competencies:csv-id')
const level = z.coerce.number('competencies:csv-level').int().min(1).max(5)
const altitude = z.enum(altitudes, 'competencies:csv-altitude')
const title = { title_en: words(300), title_fr: words(300), title_es: words(300) }
const text = { text_en: words(3000), text_fr: words(3000), text_es: words(3000) }

function words(longest: number) {
  return z.string().trim().min(1, 'competencies:csv-words').max(longest, 'competencies:csv-words')
}

/** A line by what it says: the framework itself, a level, a competency, a behaviour, a profile, one of its targets. */
export const line = z.discriminatedUnion(
  'row',
  [
    z.object({ row: z.literal('framework'), ...title, ...text }),
    z.object({ row: z.literal('level'), level, ...title, ...text }),
    z.object({ row: z.literal('competency'), id: slug, ...title, ...text }),
    z.object({ row: z.literal('behaviour'), id: slug, of: slug, altitude, level, ...text }),
    z.object({ row: z.literal('profile'), id: slug, altitude, ...title }),
    z.object({ row: z.literal('target'), id: slug, of: slug, level }),
  ],
  'competencies:csv-row',
)

export type Line = z.infer<typeof line>
type Words<P extends 'title' | 'text'> = Readonly<Record<`${P}_en` | `${P}_fr` | `${P}_es`, string>>

/** A line's title in the languages of the screens. */
export const titleOf = (row: Words<'title'>) => ({
  en: row.title_en,
  fr: row.title_fr,
  es: row.title_es,
})

/** A line's longer text in the languages of the screens. */
export const textOf = (row: Words<'text'>) => ({
  en: row.text_en,
  fr: row.text_fr,
  es: row.text_es,
})
