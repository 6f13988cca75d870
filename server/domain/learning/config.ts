import { z } from 'zod'
import { readConfig } from '../../config.js'

export const config = readConfig(
  'learning',
  z.object({
    /** The largest package, file or video that a course takes. */
    maxUploadMb: z.coerce.number().int().min(1).max(4000).default(500),
  }),
)
