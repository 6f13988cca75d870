import { z } from 'zod'

const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)

/** A text in the three languages the product ships in; none may be missing or blank. */
export const translated = z.strictObject({
  en: z.string().trim().min(1),
  fr: z.string().trim().min(1),
  es: z.string().trim().min(1),
})

/** Where a post stands: the institution, a department or office, or a team. */
export const altitude = z.enum(['strategic', 'tactical', 'operational'])

/** A step of the scale, from 1 (discovering) to 5 (reference). */
export const level = z.int().min(1).max(5)

const behaviour = z.strictObject({ id: slug, level, text: translated })

const behaviours = z.array(behaviour).min(4).max(6)

const competency = z.strictObject({
  id: slug,
  title: translated,
  definition: translated,
  behaviours: z.strictObject({
    strategic: behaviours,
    tactical: behaviours,
    operational: behaviours,
  }),
})

const profile = z.strictObject({
  id: slug,
  altitude,
  title: translated,
  description: translated,
  targets: z.record(slug, level),
})

const scaleStep = z.strictObject({ level, name: translated, description: translated })

const altitudeText = z.strictObject({ id: altitude, title: translated, description: translated })

/**
 * One competency framework as a file. Ids are stable across versions and languages; a behaviour's
 * `level` is the level at which it first shows, and a profile's targets are keyed by competency id.
 */
export const frameworkSource = z.strictObject({
  id: slug,
  version: z.string().regex(/^\d+\.\d+$/),
  title: translated,
  description: translated,
  scale: z.strictObject({ levels: z.array(scaleStep).length(5) }),
  altitudes: z.array(altitudeText).length(3),
  competencies: z.array(competency).min(1),
  profiles: z.array(profile).min(1),
})

/** A framework file that was parsed. */
export type FrameworkSource = z.infer<typeof frameworkSource>
