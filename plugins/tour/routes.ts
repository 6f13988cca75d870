import { goesTo, routes, shows, signedIn, takes } from '#core'
import { z } from 'zod'
import { rolesOf, stepsFor, tourRoles } from './steps.js'
import { moveOn, moves, tourOf } from './touring.js'

const step = z.object({ id: z.string(), href: z.string() })

const toursShown = z.object({
  closed: z.boolean(),
  tours: z.array(z.object({ role: z.enum(tourRoles), steps: z.array(step) })),
})

const moveForm = z.strictObject({
  move: z.enum(moves),
  role: z.enum(tourRoles).optional(),
  step: z.coerce.number().int().min(0).max(10).optional(),
})

export const tourRoutes = routes('/me/tour', (route) => {
  route.get('/', signedIn(), shows('tour:tours', toursShown), async ({ actor }) => ({
    closed: (await tourOf(actor)).closed,
    tours: rolesOf(actor).map((role) => ({ role, steps: [...stepsFor(role)] })),
  }))

  route.post('/', signedIn(), takes(moveForm), goesTo('/'), ({ actor, form }) =>
    moveOn(actor, form),
  )
})
