import { z } from 'zod'
import { listQuery, sortOf } from '../../http/lists.js'
import { fields } from './columns.js'
import { outcomes } from './models.js'

/** A filter left empty filters nothing. */
const empty = z.literal('').transform(() => undefined)

const field = z.enum(fields)

/** The file itself comes as `file`. `columns` names headers that nobody could guess, by field. */
export const uploadForm = z.strictObject({
  id: z.uuid().optional(),
  unit: z.string().min(1).max(100).optional(),
  columns: z.partialRecord(field, z.string().trim().max(200)).optional(),
})

/** The field of each column, in the order of the file; an empty one is left out. */
export const columnsForm = z.strictObject({
  columns: z.preprocess(
    inOrder,
    z.array(z.union([z.literal('').transform(() => null), field, z.null()])).max(100),
  ),
})

/** A form's long list arrives as an object of its numbers. */
function inOrder(said: unknown): unknown {
  return typeof said === 'object' && said !== null && !Array.isArray(said)
    ? Object.values(said)
    : said
}

/** Orders of imports. */
export const importOrders = { at: { at: 1, _id: -1 } } as const

export const importsQuery = listQuery.extend({ sort: sortOf(importOrders) })

/** Orders of an import's lines. */
export const rowOrders = { line: { line: 1 } } as const

export const rowsQuery = listQuery.extend({
  sort: sortOf(rowOrders),
  outcome: empty.or(z.enum(outcomes)).optional(),
})

export const nothing = z.strictObject({})
