import { randomUUID } from 'node:crypto'
import { can, creates, routes, shows, takes } from '../../../http/routes.js'
import { onEnrolment, readProgress } from '../enrolment-subjects.js'
import { correctCompletion } from './correcting.js'
import { correctionForm, correctionsShown } from './forms.js'
import { correctionsPage } from './page.js'
import { correctCompletions } from './permission.js'

const page = '/enrolments/:enrolment/corrections'

export const correctionRoutes = routes('/enrolments', (route) => {
  route.get(
    '/:enrolment/corrections',
    can(readProgress, onEnrolment),
    shows('learning:corrections', correctionsShown),
    ({ actor, enrolment }) => correctionsPage(actor, enrolment),
  )

  route.post(
    '/:enrolment/corrections',
    can(correctCompletions, onEnrolment),
    takes(correctionForm, { page }),
    creates(page, correctionsShown, { said: 'learning:corrections.said' }),
    async ({ actor, enrolment, form: { id = randomUUID(), verdict, ...said } }) => {
      await correctCompletion(actor, enrolment, { id, counts: verdict === 'counts', ...said })
      return { ...(await correctionsPage(actor, enrolment)), enrolment: enrolment.enrolment._id }
    },
  )
})
