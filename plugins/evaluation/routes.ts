import { authorCourses, can, goesTo, onCourse, routes, shows, signedIn, takes } from '#core'
import { answer } from './asking.js'
import { answerForm, answerFrom, remarksQuery, resultsQuery, switchForm } from './forms.js'
import { remarksFile, resultsFile } from './list-files.js'
import { remarksPage, resultsPage, sheetPage } from './pages.js'
import { turn } from './settings.js'
import { remarksShown, resultsShown, sheetShown } from './shown.js'
import { onSheet } from './subjects.js'

/** Whoever may know how far the participants of a course have come may know what they thought of it. */
export const readResults = 'learning:read-progress'

/** A sheet, for the person who was asked. */
export const sheetRoutes = routes('/evaluation-sheets', (route) => {
  route.get(
    '/:sheet',
    signedIn(onSheet),
    shows('evaluation:sheet', sheetShown, { duringSupport: false }),
    ({ sheet }) => sheetPage(sheet),
  )

  route.post(
    '/:sheet/answers',
    signedIn(onSheet),
    takes(answerForm, { page: '/evaluation-sheets/:sheet' }),
    goesTo('/evaluation-sheets/:sheet', { said: 'evaluation:sheet.said' }),
    ({ sheet, form }) => answer(sheet, answerFrom(form)),
  )
})

/** What came of the sheets of a course, in totals. */
export const resultRoutes = routes('/courses/:course/evaluation', (route) => {
  route.get(
    '/',
    can(readResults, onCourse),
    shows('evaluation:results', resultsShown, { query: resultsQuery, file: resultsFile }),
    ({ actor, course, query }) => resultsPage(actor, course, query),
  )

  route.get(
    '/remarks',
    can(readResults, onCourse),
    shows('evaluation:remarks', remarksShown, { query: remarksQuery, file: remarksFile }),
    ({ course, query }) => remarksPage(course, query),
  )

  route.post(
    '/switch',
    can(authorCourses, onCourse),
    takes(switchForm, { page: '/courses/:course/evaluation' }),
    goesTo('/courses/:course/evaluation', { said: 'evaluation:switch.said' }),
    ({ actor, course, form }) => turn(actor, course, form.sheet === 'on'),
  )
})
