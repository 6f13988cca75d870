import { can, goesTo, routes, takes } from '../../http/routes.js'
import { resetFactors } from '../people/factors/own-factors.js'
import { nothing } from './forms.js'
import { refuseOutranked } from './ranking.js'
import { onPerson } from './subjects.js'

/** What an administrator does for somebody who cannot get on alone. */
export const supportRoutes = routes('/people/:person', (route) => {
  route.post(
    '/reset-factors',
    can('people:reset-factors', onPerson),
    takes(nothing),
    goesTo('/people/:person', { said: 'organisation:people.factors-reset' }),
    async ({ actor, person }) => {
      await refuseOutranked(actor, person, {
        permission: 'people:reset-factors',
        code: 'organisation:outranked',
      })
      await resetFactors(actor, person._id)
    },
  )
})
