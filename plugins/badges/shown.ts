import { z } from 'zod'
import { audiences, criterionKinds } from './models.js'

const at = z.iso.datetime()
const texts = z.object({ en: z.string(), fr: z.string(), es: z.string() })
const criterion = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('completion'), course: z.string() }),
  z.object({ kind: z.literal('courses'), count: z.number().int() }),
  z.object({ kind: z.literal('level'), competency: z.string(), level: z.number().int() }),
])

export const badgeShown = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  titles: texts,
  descriptions: texts,
  icon: z.string(),
  criterion,
  retired: z.boolean(),
  /** When the reader earned it. */
  earnedAt: at.nullable(),
})

export const badgesShown = z.object({ badges: z.array(badgeShown) })

export const badgePageShown = badgeShown.extend({
  manages: z.boolean(),
  holders: z.array(z.object({ id: z.string(), name: z.string(), at })),
})

export const awardShown = z.object({
  badge: z.string(),
  title: z.string(),
  description: z.string(),
  icon: z.string(),
  at,
})

export const holderShown = z.object({
  person: z.object({ id: z.string(), name: z.string() }),
  own: z.boolean(),
  audience: z.enum(audiences),
  badges: z.array(awardShown),
})

export const profileShown = z.object({ person: z.string(), badges: z.array(awardShown) })

const iconNames = z.array(z.string())

const choices = z.array(z.object({ value: z.string(), label: z.string() }))

export const newBadgeShown = z.object({
  icons: iconNames,
  kind: z.enum(criterionKinds),
  course: z.string(),
  courses: choices,
  competency: z.string(),
  competencies: choices,
})

export const editShown = z.object({ icons: iconNames, badge: badgeShown })
