import { already, can, creates, goesTo, routes, shows, takes } from '../../http/routes.js'
import { moveActivity, removeActivity } from './activities.js'
import { activityPage, created, newActivityPage } from './activity-pages.js'
import { addStep, editStep, replacePackage } from './adding.js'
import { config } from './config.js'
import { authorCourses } from './courses.js'
import {
  activityForm,
  moveForm,
  newActivityForm,
  newActivityQuery,
  nothing,
  replacePackageForm,
} from './forms.js'
import { activityCreated, activityShown, newActivityShown } from './shown.js'
import { onActivity, onCourse } from './subjects.js'

/** A package's field and a file's. */
const upload = { field: ['package', 'file'], maxBytes: config.maxUploadMb * 1_000_000 }

const toEditor = goesTo('/courses/:course/edit#steps')
const page = '/activities/:activity'
const toActivity = '/activities/:id'

export const addingRoutes = routes('/courses', (route) => {
  route.get(
    '/:course/activities/new',
    can(authorCourses, onCourse),
    shows('learning:activity-new', newActivityShown, { query: newActivityQuery }),
    ({ course, query }) => newActivityPage(course, query.kind ?? 'package'),
  )

  route.post(
    '/:course/activities',
    can(authorCourses, onCourse),
    takes(newActivityForm, { page: '/courses/:course/activities/new', upload }),
    creates('/activities/:id', activityCreated, { said: 'learning:activity.added' }),
    async ({ actor, course, form, file, t }) => {
      const added = await addStep(actor, course, { form, file })
      const shown = created(added, added.version?.report, t)
      return added.isNew ? shown : already(shown)
    },
  )
})

/** An activity as its author sees it: how learners meet it is `/learn/:activity`. */
export const activityRoutes = routes('/activities', (route) => {
  route.get(
    '/:activity',
    can(authorCourses, onActivity),
    shows('learning:activity', activityShown),
    ({ activity, t }) => activityPage(activity, t),
  )

  route.patch(
    '/:activity',
    can(authorCourses, onActivity),
    takes(activityForm, { page, upload }),
    goesTo(toActivity, { schema: activityShown, said: 'learning:activity.changed' }),
    async ({ actor, activity, form, file, t }) =>
      activityPage(await editStep(actor, activity, { form, file }), t),
  )

  route.post(
    '/:activity/package',
    can(authorCourses, onActivity),
    takes(replacePackageForm, { page, upload }),
    goesTo(toActivity, { schema: activityShown, said: 'learning:activity.replaced' }),
    async ({ actor, activity, form, file, t }) =>
      activityPage(await replacePackage(actor, activity, { form, file }), t),
  )
})

export const arrangingRoutes = routes('/activities', (route) => {
  route.post(
    '/:activity/move',
    can(authorCourses, onActivity),
    takes(moveForm),
    toEditor,
    async ({ activity, form }) => {
      await moveActivity(activity, form.direction)
      return { course: activity.course._id }
    },
  )

  route.post(
    '/:activity/remove',
    can(authorCourses, onActivity),
    takes(nothing, { page }),
    goesTo('/courses/:course/edit#steps', { said: 'learning:activity.removed' }),
    async ({ actor, activity }) => {
      await removeActivity(actor, activity)
      return { course: activity.course._id }
    },
  )
})
