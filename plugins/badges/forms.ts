import { z } from 'zod'
import { icons } from './badges.js'
import { audiences, criterionKinds, type Criterion } from './models.js'

const title = z.string().trim().min(1).max(80)
const description = z.string().trim().min(1).max(400)

const reading = {
  titleEn: title,
  titleFr: title,
  titleEs: title,
  descriptionEn: description,
  descriptionFr: description,
  descriptionEs: description,
  icon: z.enum(icons),
}

/** How a badge reads and looks, in three languages. */
export const readingForm = z.strictObject(reading)

/** What earns it follows `kind`: the course, how many of them, or the competency and its level. */
export const newBadgeForm = z
  .strictObject({
    id: z.uuid().optional(),
    ...reading,
    kind: z.enum(criterionKinds),
    course: z.string().min(1).max(100).optional(),
    count: z.coerce.number().int().min(1).max(100).optional(),
    competency: z.string().min(1).max(100).optional(),
    level: z.coerce.number().int().min(1).max(5).optional(),
  })
  .superRefine(({ kind, course, count, competency, level }, context) => {
    const missing = {
      course: kind === 'completion' && !course,
      count: kind === 'courses' && !count,
      competency: kind === 'level' && !competency,
      level: kind === 'level' && !level,
    }
    for (const [path, isMissing] of Object.entries(missing)) {
      if (isMissing)
        context.addIssue({ code: 'custom', path: [path], message: `badges:no-${path}` })
    }
  })

export const audienceForm = z.strictObject({ audience: z.enum(audiences) })

export const nothing = z.strictObject({})

type Reading = z.infer<typeof readingForm>

/** The form's fields as a badge keeps them. */
export const readingOf = (form: Reading) => ({
  title: { en: form.titleEn, fr: form.titleFr, es: form.titleEs },
  description: { en: form.descriptionEn, fr: form.descriptionFr, es: form.descriptionEs },
  icon: form.icon,
})

/** What earns the badge, of a form that was checked. */
export function criterionOf(form: z.infer<typeof newBadgeForm>): Criterion {
  const { kind, course = '', count = 1, competency = '', level = 1 } = form
  if (kind === 'completion') return { kind, course }
  return kind === 'courses' ? { kind, count } : { kind, competency, level }
}
