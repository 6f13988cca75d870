import { pageOf } from '#core'
import { z } from 'zod'
import { marks, remarkKinds, statements } from './sheet.js'

const course = z.object({ id: z.string(), title: z.string(), language: z.string() })

export const sheetShown = z.object({
  sheet: z.string(),
  course,
  state: z.enum(['open', 'answered', 'turned-off']),
  /** How many answers are shown together. */
  together: z.number().int(),
  statements: z.array(z.enum(statements)),
  marks: z.array(z.number().int()),
})

export const statementLine = z.object({
  place: z.number().int(),
  statement: z.enum(statements),
  answers: z.number().int(),
  mean: z.number().min(1).max(marks.length),
  given: z.array(
    z.object({ mark: z.number().int(), count: z.number().int(), share: z.number().min(0).max(1) }),
  ),
})

export const resultsShown = pageOf(statementLine).extend({
  course,
  isOn: z.boolean(),
  /** Whether the reader may turn the sheet on and off. */
  turns: z.boolean(),
  together: z.number().int(),
  asked: z.number().int(),
  /** Those that are counted: a multiple of `together`. */
  answers: z.number().int(),
  share: z.number().min(0).max(1).nullable(),
  remarks: z.array(z.object({ about: z.enum(remarkKinds), count: z.number().int() })),
})

export const remarkLine = z.object({ about: z.enum(remarkKinds), text: z.string() })

export const remarksShown = pageOf(remarkLine).extend({ course, together: z.number().int() })
