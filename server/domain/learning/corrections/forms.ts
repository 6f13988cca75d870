import { z } from 'zod'
import { flag, outcome } from '../forms.js'

/** The verdicts on a completion. */
export const verdicts = ['counts', 'does-not-count'] as const

export const correctionForm = z.strictObject({
  id: z.uuid().optional(),
  cycle: z.coerce.number().int().min(1),
  verdict: z.enum(verdicts),
  outcomes: z.array(outcome).max(12).default([]),
  reason: z.string().trim().min(3).max(1000),
  again: flag.default(false),
})

const at = z.iso.datetime()
const level = z.number().int()

const levelShown = z.object({
  competency: z.string(),
  title: z.string(),
  level,
  /** What is said of it now. */
  counted: level,
})

export const correctionsShown = z.object({
  enrolment: z.string(),
  person: z.object({ id: z.string(), name: z.string() }),
  course: z.object({ id: z.string(), title: z.string(), language: z.string() }),
  completions: z.array(
    z.object({
      cycle: z.number().int(),
      at,
      counts: z.boolean(),
      /** Whether the course can be asked for again: it is the last time it was completed. */
      latest: z.boolean(),
      outcomes: z.array(levelShown),
      corrections: z.array(
        z.object({
          at,
          by: z.string(),
          reason: z.string(),
          counts: z.boolean(),
          levels: z.array(z.object({ title: z.string(), level })),
        }),
      ),
    }),
  ),
  /** Whether the reader may correct. */
  mayCorrect: z.boolean(),
})
