import { z } from 'zod'
import { NotFound } from '../../../errors.js'
import { byToken, can, goesTo, routes, shows, takes } from '../../../http/routes.js'
import { capabilityOf, contentUrlFor, publicUrl } from '../../../http/content-origin.js'
import { nothing } from '../forms.js'
import { changeSettings } from './settings.js'
import { mailOneself, probeVersion } from './trials.js'

const page = '/admin/settings'

/** A test beside a setting. */
export const checkRoutes = routes(page, (route) => {
  route.post(
    '/test-mail',
    can(changeSettings),
    takes(nothing, { page }),
    goesTo(`${page}#mail`),
    ({ actor }) => mailOneself(actor),
  )
})

/** On the content host: a page that tells the one it is framed in that it was reached. */
export const probeRoutes = routes(
  '/c',
  (route) => {
    route.get(
      '/:capability/probe',
      byToken('the capability in the path'),
      shows('organisation:probe', z.object({ pageOrigin: z.string() })),
      ({ params, req, res }) => {
        const capability = capabilityOf(params.capability ?? '')
        const { host } = new URL(contentUrlFor(capability).origin)
        if (capability.version !== probeVersion || req.headers.host !== host) throw new NotFound()
        res.set('Cache-Control', 'no-store')
        return { pageOrigin: publicUrl() }
      },
    )
  },
  { host: 'content' },
)
