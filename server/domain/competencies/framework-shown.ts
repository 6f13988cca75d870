import { z } from 'zod'
import { altitudes } from './models.js'

const texts = z.object({ en: z.string(), fr: z.string(), es: z.string() })
const named = z.object({ id: z.string(), title: z.string() })
const status = z.enum(['draft', 'published', 'outdated'])
const level = z.number().int()
const altitude = z.enum(altitudes)
const targets = z.record(z.string(), level)

const frameworkLine = z.object({
  id: z.string(),
  slug: z.string(),
  version: z.number().int(),
  status,
  title: z.string(),
  description: z.string(),
  competencies: z.array(named),
})

export const frameworksShown = z.object({ frameworks: z.array(frameworkLine) })

const behaviours = <B extends z.ZodType>(behaviour: B) => {
  const all = z.array(behaviour)
  return z.object({ strategic: all, tactical: all, operational: all })
}

export const frameworkShown = frameworkLine.extend({
  publishedAt: z.iso.datetime().nullable(),
  manages: z.boolean(),
  scale: z.array(z.object({ level, name: z.string(), description: z.string() })),
  competencies: z.array(
    named.extend({
      definition: z.string(),
      behaviours: behaviours(z.object({ id: z.string(), level, text: z.string() })),
    }),
  ),
  profiles: z.array(named.extend({ altitude, targets })),
})

export const newFrameworkShown = z.object({ starts: z.array(z.string()) })

const competencyDraft = z.object({
  id: z.string(),
  slug: z.string(),
  title: texts,
  definition: texts,
  behaviours: behaviours(z.object({ id: z.string(), level, text: texts })),
})
const profileDraft = z.object({ id: z.string(), altitude, title: texts, targets })

/** A framework in all its languages, for who drafts it. */
export const draftShown = z.object({
  id: z.string(),
  slug: z.string(),
  version: z.number().int(),
  status,
  title: texts,
  description: texts,
  scaleLocked: z.boolean(),
  scale: z.array(z.object({ level, name: texts })),
  competencies: z.array(competencyDraft),
  profiles: z.array(profileDraft),
  /** What stands in the way of publishing. */
  missing: z.array(z.string()),
})

export const competencyEditShown = z.object({
  framework: named,
  competency: competencyDraft.nullable(),
  /** The one to change. */
  behaviour: z.object({ id: z.string(), altitude, level, text: texts }).nullable(),
})

export const profileEditShown = z.object({
  framework: named,
  competencies: z.array(named),
  profile: profileDraft.nullable(),
})

export const draftCreated = z.object({ id: z.string(), slug: z.string(), status })
