import { z } from 'zod'
import { pageOf } from '../../http/lists.js'
import { altitudes, assurances, kinds } from './models.js'
import { tones } from './tones.js'

const at = z.iso.datetime()
const named = z.object({ id: z.string(), name: z.string() })
const level = z.number().int()
const choices = z.array(z.object({ value: z.string(), label: z.string(), group: z.string() }))

export const evidenceShown = z.object({
  id: z.string(),
  kind: z.enum(kinds),
  source: z.string(),
  sourceName: z.string(),
  about: z.string(),
  level,
  at,
  assurance: z.enum(assurances),
  expiresAt: at.nullable(),
  /** Who judged, of an appraisal. */
  by: z.string().nullable(),
  reason: z.string().nullable(),
  /** Whether the level stands on it today. */
  decided: z.boolean(),
  /** Whether later evidence corrects it. */
  corrected: z.boolean(),
})

export const changeShown = z.object({ at, from: level, to: level, explanation: z.string() })

/** One competency of a person: level, what the post requires, and why. */
export const standingLine = z.object({
  competency: z.string(),
  title: z.string(),
  framework: z.string(),
  /** 0 where nothing supports a level yet. */
  level,
  levelName: z.string().nullable(),
  target: level.nullable(),
  targetName: z.string().nullable(),
  /** Target minus level. */
  gap: level.nullable(),
  self: level.nullable(),
  rule: z.string(),
  explanation: z.string(),
  expiresAt: at.nullable(),
  evidence: z.array(evidenceShown),
  changes: z.array(changeShown),
})

export const standingShown = z.object({
  person: named,
  post: z.object({ id: z.string(), title: z.string(), altitude: z.enum(altitudes) }).nullable(),
  own: z.boolean(),
  mayAppraise: z.boolean(),
  competencies: z.array(standingLine),
  choices,
})

export const judgedShown = z.object({ id: z.string(), competency: z.string(), level })

const cell = z.object({
  competency: z.string(),
  /** Of how many people a level is required, and how many reach it. */
  people: z.number().int(),
  reached: z.number().int(),
  /** Of one person. */
  level: level.nullable(),
  target: level.nullable(),
  tone: z.enum(tones),
})

/** Competencies of a unit against its units or its people. */
export const overviewShown = pageOf(
  named.extend({ people: z.number().int(), cells: z.array(cell) }),
).extend({
  unit: named,
  path: z.array(named),
  by: z.enum(['units', 'people']),
  hasUnits: z.boolean(),
  competencies: z.array(z.object({ id: z.string(), title: z.string() })),
})
