import { z } from 'zod'
import { listQuery } from '../../http/lists.js'

const id = z.uuid().optional()
const competency = z.string().min(1).max(100)
const level = z.coerce.number().int().min(1).max(5)

export const selfRatingForm = z.strictObject({ id, competency, level })

export const appraisalForm = z.strictObject({
  id,
  competency,
  level,
  reason: z.string().trim().min(1).max(2000),
  about: z.string().trim().max(200).optional(),
})

export const overviewQuery = listQuery.extend({ by: z.enum(['units', 'people']).optional() })
