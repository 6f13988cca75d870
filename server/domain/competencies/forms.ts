import { z } from 'zod'
import { listQuery, sortOf } from '../../http/lists.js'
import { scaleSize } from './content.js'
import { starts } from './drafting.js'
import { altitudes } from './models.js'

const id = z.uuid().optional()
const competency = z.string().min(1).max(100)
const level = z.coerce.number().int().min(1).max(5)

export const selfRatingForm = z.strictObject({ id, competency, level })

export const appraisalForm = z.strictObject({
  id,
  competency,
  level,
  reason: z.string().trim().min(1).max(2000),
  about: z.string().trim().max(200).optional(),
})

/** Orders of the people of a unit. */
export const overviewOrders = { name: { familyName: 1, _id: 1 } } as const

export const overviewQuery = listQuery.extend({
  sort: sortOf(overviewOrders),
  by: z.enum(['units', 'people']).optional(),
})

const slug = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'competencies:slug-form')
  .max(60)
const words = (longest: number) => z.string().trim().min(1).max(longest)
const titles = { titleEn: words(120), titleFr: words(120), titleEs: words(120) }
const descriptions = {
  descriptionEn: words(2000),
  descriptionFr: words(2000),
  descriptionEs: words(2000),
}

export const newFrameworkForm = z.strictObject({ id, slug, ...titles, start: z.enum(starts) })

const stepName = z.string().trim().min(1).max(60).optional()
const steps = Object.fromEntries(
  Array.from({ length: scaleSize }, (_, at) => at + 1).flatMap((step) =>
    (['En', 'Fr', 'Es'] as const).map((language) => [`step${step}${language}`, stepName]),
  ),
) as Record<`step${number}${'En' | 'Fr' | 'Es'}`, typeof stepName>

/** Title and description, and the names of the levels while the scale is open. */
export const settingsForm = z.strictObject({ ...titles, ...descriptions, ...steps })

export const competencyForm = z.strictObject({ slug, ...titles, ...descriptions })

export const behaviourForm = z.strictObject({
  id,
  /** Of one that is there. */
  behaviour: z.string().max(200).optional(),
  competency,
  altitude: z.enum(altitudes),
  level,
  textEn: words(500),
  textFr: words(500),
  textEs: words(500),
})

const noTarget = z.literal('').transform(() => undefined)

export const profileForm = z.strictObject({
  slug,
  altitude: z.enum(altitudes),
  ...titles,
  targets: z.record(z.string().max(100), noTarget.or(level)).default({}),
})

export const removeCompetencyForm = z.strictObject({ competency })
export const removeProfileForm = z.strictObject({ profile: slug })
export const removeBehaviourForm = z.strictObject({
  competency,
  altitude: z.enum(altitudes),
  behaviour: z.string().min(1).max(200),
})

export const postProfileForm = z.strictObject({ profile: z.string().min(1).max(200) })

export const nothing = z.strictObject({})

export const competencyQuery = z.object({
  competency: z.string().max(100).optional(),
  behaviour: z.string().max(200).optional(),
})
export const profileQuery = z.object({ profile: z.string().max(100).optional() })

/** Titles of a form as they are kept. */
export const titlesOf = (form: Record<keyof typeof titles, string>) => ({
  en: form.titleEn,
  fr: form.titleFr,
  es: form.titleEs,
})

/** Descriptions of a form as they are kept. */
export const descriptionsOf = (form: Record<keyof typeof descriptions, string>) => ({
  en: form.descriptionEn,
  fr: form.descriptionFr,
  es: form.descriptionEs,
})
