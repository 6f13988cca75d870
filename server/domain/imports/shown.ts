import { z } from 'zod'
import { pageOf } from '../../http/lists.js'
import { fields } from './columns.js'
import { outcomes, statuses } from './models.js'

const at = z.iso.datetime()
const named = z.object({ id: z.string(), name: z.string() })
const choices = z.array(z.object({ value: z.string(), label: z.string() }))
const field = z.enum(fields)

/** An import as lists show one. */
export const importLine = z.object({
  id: z.string(),
  file: z.string(),
  at,
  by: z.string(),
  unit: named,
  status: z.enum(statuses),
  lines: z.number().int(),
  /** Lines dealt with in what is under way. */
  seen: z.number().int(),
  counts: z.record(z.enum(outcomes), z.number().int()),
})

export const importsShown = pageOf(importLine)

export const newImportShown = z.object({
  units: choices,
  unit: z.string(),
  fields: z.array(field),
  called: z.partialRecord(field, z.string()),
})

export const rowShown = z.object({
  line: z.number().int(),
  name: z.string(),
  outcome: z.enum(outcomes),
  person: z.string().nullable(),
  changes: z.array(
    z.object({
      field: z.string(),
      from: z.string().nullable(),
      to: z.string().nullable(),
      /** The change in the reader's words. */
      text: z.string(),
    }),
  ),
  errors: z.array(
    z.object({ code: z.string(), column: z.string().nullable(), detail: z.string() }),
  ),
})

/** An import as its page shows one, with a page of its lines. */
export const importShown = importLine.extend({
  encoding: z.string(),
  separator: z.string(),
  columns: z.array(z.object({ header: z.string(), field: field.nullable() })),
  fields: z.array(field),
  newUnits: z.array(z.string()),
  newPosts: z.number().int(),
  /** People it created who have no address, and no letter that works yet. */
  letters: z.number().int(),
  appliedAt: at.nullable(),
  undoneAt: at.nullable(),
  /** When its lines were removed: they are not kept for good. */
  forgottenAt: at.nullable(),
  ...pageOf(rowShown).shape,
})

export const lettersMade = z.object({ id: z.string() })
