import { z } from 'zod'
import { listQuery, pageOf, sortOf } from '../../../http/lists.js'
import { questionKinds } from '../contract.js'
import { courseName } from '../shown.js'
import { readings } from './readings.js'

/** What the questions of a package may be sorted by; there are never so many that an index would be asked. */
export const questionOrders = {
  place: { place: 1 },
  answers: { answers: 1 },
  right: { right: 1 },
  discrimination: { discrimination: 1 },
  time: { seconds: 1 },
} as const

export const questionsQuery = listQuery.extend({
  sort: sortOf(questionOrders),
  /** The package version, by number; the one in use unless said. */
  version: z.coerce.number().int().min(1).optional(),
})

const share = z.number().min(0).max(1)

export const questionLine = z.object({
  /** From 1, in the order it was met. */
  place: z.number().int(),
  text: z.string(),
  part: z.string().nullable(),
  kind: z.enum(questionKinds),
  /** How many people answered. */
  answers: z.number().int(),
  /** Mean share that was right: the facility index. */
  right: share.nullable(),
  /** Corrected item–total correlation; null where too few answered. */
  discrimination: z.number().min(-1).max(1).nullable(),
  reading: z.enum(readings),
  /** Median time. */
  seconds: z.number().nullable(),
  /** What the content says is right. */
  rightAnswers: z.array(z.string()),
  given: z.array(
    z.object({ text: z.string(), count: z.number().int(), share, isRight: z.boolean() }),
  ),
  /** How often something else was given. */
  others: z.number().int(),
})

export const questionsShown = pageOf(questionLine).extend({
  course: courseName.extend({ language: z.string() }),
  activity: z.object({ id: z.string(), title: z.string() }),
  /** How many people answered any of them. */
  people: z.number().int(),
  version: z.number().int().nullable(),
  versions: z.array(z.object({ number: z.number().int(), current: z.boolean() })),
})
