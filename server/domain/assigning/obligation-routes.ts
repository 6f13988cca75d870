import { can, goesTo, routes, shows, takes } from '../../http/routes.js'
import { endExemption, exempt } from './exempting.js'
import { exemptionForm, lateQuery, nothing } from './forms.js'
import { latePage } from './late.js'
import { obligationPage } from './obligations.js'
import { askReminder } from './reminding.js'
import { lateShown, obligationPageShown } from './shown.js'
import { assign, onObligation } from './subjects.js'
import { lateFile } from './list-files.js'

const here = '/obligations/:obligation'

export const obligationRoutes = routes('/obligations', (route) => {
  route.get(
    '/:obligation',
    can(assign, onObligation),
    shows('assigning:obligation', obligationPageShown),
    ({ actor, obligation }) => obligationPage(actor, obligation),
  )

  route.post(
    '/:obligation/remind',
    can(assign, onObligation),
    takes(nothing, { page: here }),
    goesTo(here, { said: 'assigning:said.reminded' }),
    ({ actor, obligation }) => askReminder(actor, obligation),
  )

  route.post(
    '/:obligation/exempt',
    can(assign, onObligation),
    takes(exemptionForm, { page: here }),
    goesTo(here, { said: 'assigning:said.exempted' }),
    ({ actor, obligation, form }) => exempt(actor, obligation, form),
  )

  route.post(
    '/:obligation/oblige',
    can(assign, onObligation),
    takes(nothing, { page: here }),
    goesTo(here, { said: 'assigning:said.obliged' }),
    ({ actor, obligation }) => endExemption(actor, obligation),
  )
})

export const lateRoutes = routes('/late', (route) => {
  route.get(
    '/',
    can(assign),
    shows('assigning:late', lateShown, { query: lateQuery, file: lateFile }),
    ({ actor, query }) => latePage(actor, query),
  )

  route.post(
    '/:obligation/remind',
    can(assign, onObligation),
    takes(nothing, { page: '/late' }),
    goesTo('/late', { said: 'assigning:said.reminded' }),
    ({ actor, obligation }) => askReminder(actor, obligation),
  )
})
