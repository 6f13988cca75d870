import { byToken, downloads, goesTo, routes, shows, signedIn, takes } from '../../../http/routes.js'
import { nothing } from '../forms.js'
import { agendaShown, calendarAt, giveAddress, ownAgenda, stopAddress } from './agenda.js'

const page = '/me/agenda'

/** What one has to complete, and when. */
export const agendaRoutes = routes(page, (route) => {
  route.get('/', signedIn(), shows('learning:agenda', agendaShown), ({ actor }) => ownAgenda(actor))

  route.post(
    '/address',
    signedIn(),
    takes(nothing, { page }),
    goesTo(page, { said: 'learning:agenda.given' }),
    ({ actor }) => giveAddress(actor),
  )

  route.post(
    '/address/stop',
    signedIn(),
    takes(nothing, { page }),
    goesTo(page, { said: 'learning:agenda.stopped' }),
    ({ actor }) => stopAddress(actor),
  )
})

/** For calendar programs, which have no session. */
export const calendarRoutes = routes('/agenda', (route) => {
  route.get(
    '/:file',
    byToken('a signature in the path, made for one person until they replace it'),
    downloads('text/calendar'),
    async ({ params, res }) => {
      const body = await calendarAt(params.file ?? '')
      res.set('Cache-Control', 'private, max-age=900')
      return { name: 'palier.ics', body }
    },
  )
})
