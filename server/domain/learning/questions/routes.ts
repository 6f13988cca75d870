import { can, routes, shows } from '../../../http/routes.js'
import { authorCourses } from '../courses.js'
import { onActivity } from '../subjects.js'
import { questionsQuery, questionsShown } from './forms.js'
import { questionsFile } from './list-file.js'
import { questionsPage } from './page.js'

/** Figures over everybody in a course, and what would have been right: for those alone who may write the course. */
export const questionRoutes = routes('/activities', (route) => {
  route.get(
    '/:activity/questions',
    can(authorCourses, onActivity),
    shows('learning:questions', questionsShown, { query: questionsQuery, file: questionsFile }),
    ({ activity, query, t }) => questionsPage(activity, query, t),
  )
})
