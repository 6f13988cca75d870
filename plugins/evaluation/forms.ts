import { listQuery, sortOf } from '#core'
import { z } from 'zod'
import { remarkKinds, type Answer, type Mark } from './sheet.js'

const noMark = 'evaluation:no-mark'
const mark = z.coerce
  .number(noMark)
  .int(noMark)
  .min(1, noMark)
  .max(5, noMark)
  .transform((given) => given as Mark)
const remark = z.string().trim().max(1000).optional()

/** A mark for each statement, and what one cares to write. */
export const answerForm = z.strictObject({
  relevance: mark,
  clarity: mark,
  length: mark,
  exercises: mark,
  ease: mark,
  recommend: mark,
  useful: remark,
  improve: remark,
})

/** The form's fields as an answer. */
export const answerFrom = ({ useful, improve, ...given }: z.infer<typeof answerForm>): Answer => ({
  marks: given,
  remarks: { ...(useful && { useful }), ...(improve && { improve }) },
})

export const switchForm = z.strictObject({ sheet: z.enum(['on', 'off']) })

/** What the statements may be sorted by. */
export const statementOrders = {
  place: { place: 1 },
  mean: { mean: 1, place: 1 },
} as const

export const resultsQuery = listQuery.extend({ sort: sortOf(statementOrders) })

/** What was written may be sorted by itself alone: any other order could tell who wrote it. */
export const remarkOrders = { text: { text: 1, about: 1 } } as const

export const remarksQuery = listQuery.extend({
  sort: sortOf(remarkOrders),
  about: z.enum(remarkKinds).optional(),
})
