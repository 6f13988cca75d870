import { readConfig } from '#core'
import { z } from 'zod'

export const config = readConfig(
  'scorm',
  z.object({
    /** A launch that says nothing for so long is closed, as suspended. */
    silenceSeconds: z.coerce.number().int().min(90).default(180),
    /** How long a token to save with works before the page must renew it. */
    tokenMinutes: z.coerce.number().int().min(2).max(60).default(15),
  }),
)
