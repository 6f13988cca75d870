import { can, goesTo, routes, shows, takes } from '../../http/routes.js'
import { endAbsence, giveDeputy } from '../organisation/absences.js'
import { onAbsence } from '../organisation/subjects.js'
import { absenceForm, nothing, teamQuery } from './forms.js'
import { askReminder } from './reminding.js'
import { teamShown } from './shown.js'
import { assign, lead, onObligation } from './subjects.js'
import { teamPage } from './team.js'
import { teamFile } from './list-files.js'

export const teamRoutes = routes('/team', (route) => {
  route.get(
    '/',
    can(lead),
    shows('assigning:team', teamShown, { query: teamQuery, file: teamFile }),
    ({ actor, query }) => teamPage(actor, query),
  )

  route.post(
    '/:obligation/remind',
    can(assign, onObligation),
    takes(nothing, { page: '/team' }),
    goesTo('/team', { said: 'assigning:said.reminded' }),
    ({ actor, obligation }) => askReminder(actor, obligation),
  )
})

export const absenceRoutes = routes('/team/absences', (route) => {
  route.post(
    '/',
    can(lead),
    takes(absenceForm, { page: '/team' }),
    goesTo('/team', { said: 'assigning:said.deputy-given' }),
    ({ actor, form }) => giveDeputy(actor, form),
  )

  route.post(
    '/:absence/end',
    can(lead, onAbsence),
    takes(nothing),
    goesTo('/team', { said: 'assigning:said.deputy-ended' }),
    ({ actor, absence }) => endAbsence(actor, absence),
  )
})
