import { already, can, creates, routes, shows, signedIn, takes } from '../../http/routes.js'
import { peopleMeant } from '../organisation/meaning.js'
import { enrollable, enrolAllowed } from './enrolling.js'
import { enrolOthers, seeOverview } from './enrolment-subjects.js'
import {
  overviewQuery,
  participantsForm,
  participantsQuery,
  progressQuery,
} from './learner-forms.js'
import {
  enrolledShown,
  myLearningShown,
  overviewShown,
  participantsShown,
  progressShown,
} from './learner-shown.js'
import { myLearning } from './my-learning.js'
import { overviewPage } from './overview.js'
import { participantsPage } from './participants.js'
import { progressPage } from './progress-page.js'
import { enrolmentLine } from './standing.js'
import { onCourse } from './subjects.js'
import { overviewFile, participantsFile, progressFile } from './list-files.js'

export const myLearningRoutes = routes('/learning', (route) => {
  route.get('/', signedIn(), shows('learning:my-learning', myLearningShown), ({ actor }) =>
    myLearning(actor),
  )
})

export const courseProgressRoutes = routes('/courses', (route) => {
  route.get(
    '/:course/progress',
    signedIn(onCourse),
    shows('learning:progress', progressShown, { query: progressQuery, file: progressFile }),
    ({ actor, course, query }) => progressPage(actor, course, query),
  )

  route.get(
    '/:course/participants',
    can(enrolOthers, onCourse),
    shows('learning:participants', participantsShown, {
      query: participantsQuery,
      file: participantsFile,
    }),
    ({ actor, course, query }) => participantsPage(actor, course, query),
  )

  route.post(
    '/:course/participants',
    can(enrolOthers, onCourse),
    takes(participantsForm, { page: '/courses/:course/participants' }),
    creates('/courses/:course/participants', enrolledShown, {
      said: 'learning:said.enrolled-others',
    }),
    async ({ actor, course, form }) => {
      const people = await peopleMeant(actor, form.people, {
        permission: enrolOthers,
        field: 'people',
      })
      const allowed = []
      for (const person of people) allowed.push(await enrollable(actor, course, person))
      const enrolled = []
      for (const one of allowed) {
        enrolled.push(await enrolAllowed(actor, course, { ...one, dueAt: form.due }))
      }
      const shown = { enrolments: enrolled.map(({ enrolment }) => enrolmentLine(enrolment)) }
      return enrolled.some(({ isNew }) => isNew) ? shown : already(shown)
    },
  )
})

export const overviewRoutes = routes('/progress', (route) => {
  route.get(
    '/',
    can(seeOverview),
    shows('learning:overview', overviewShown, { query: overviewQuery, file: overviewFile }),
    ({ actor, query }) => overviewPage(actor, query),
  )
})
