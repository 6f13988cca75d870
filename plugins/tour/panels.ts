import type { Panel } from '#core'
import { stepsFor } from './steps.js'
import { tourOf } from './touring.js'

/** The step one is at, on the home page until the tour is closed. */
export const tourPanel: Panel = {
  place: 'home',
  view: 'tour:step',
  order: 2,
  load: async ({ actor }) => {
    if (!actor.person) return undefined
    const { role, step, closed } = await tourOf(actor)
    const steps = stepsFor(role)
    return closed ? undefined : { role, step, of: steps.length, ...steps[step] }
  },
}
