import { already, can, creates, goesTo, routes, shows, signedIn, takes } from '../../http/routes.js'
import { unitChoices } from '../organisation/units.js'
import { createCourse, editCourse } from './authoring.js'
import { copyCourse } from './copying.js'
import { courseEditPage, cataloguePage, coursePage } from './course-pages.js'
import { authorCourses } from './courses.js'
import { catalogueQuery, copyForm, courseForm, newCourseForm, nothing } from './forms.js'
import { publishCourse, withdrawCourse } from './publishing.js'
import {
  catalogueShown,
  courseCopyShown,
  courseEditShown,
  courseShown,
  newCourseShown,
} from './shown.js'
import { onCourse } from './subjects.js'
import { catalogueFile } from './list-files.js'

/** The catalogue, and a course as it is read. */
export const catalogueRoutes = routes('/courses', (route) => {
  route.get(
    '/',
    signedIn(),
    shows('learning:catalogue', catalogueShown, {
      query: catalogueQuery,
      file: catalogueFile,
    }),
    ({ actor, query, language }) => cataloguePage(actor, query, language),
  )

  route.get(
    '/new',
    can(authorCourses),
    shows('learning:course-new', newCourseShown),
    async ({ actor, language }) => ({
      units: await unitChoices(actor, { permission: authorCourses, language }),
    }),
  )

  route.post(
    '/',
    can(authorCourses),
    takes(newCourseForm, { page: '/courses/new' }),
    creates('/courses/:id/edit', courseShown, { said: 'learning:course.created' }),
    async ({ actor, form, language }) => {
      const { isNew, ...course } = await createCourse(actor, form)
      const shown = await coursePage(actor, course, language)
      return isNew ? shown : already(shown)
    },
  )

  route.get(
    '/:course',
    signedIn(onCourse),
    shows('learning:course', courseShown, { panels: 'learning:course' }),
    ({ actor, course, language }) => coursePage(actor, course, language),
  )
})

/** A course as it is written. */
export const courseRoutes = routes('/courses', (route) => {
  route.get(
    '/:course/edit',
    can(authorCourses, onCourse),
    shows('learning:course-edit', courseEditShown, { panels: 'learning:course-edit' }),
    ({ actor, course, language }) => courseEditPage(actor, course, language),
  )

  route.patch(
    '/:course',
    can(authorCourses, onCourse),
    takes(courseForm, { page: '/courses/:course/edit' }),
    goesTo('/courses/:course/edit', { schema: courseShown, said: 'learning:course.changed' }),
    async ({ actor, course, form, language }) =>
      coursePage(actor, await editCourse(actor, course, form), language),
  )

  route.post(
    '/:course/publish',
    can(authorCourses, onCourse),
    takes(nothing, { page: '/courses/:course/edit' }),
    goesTo('/courses/:course', { schema: courseShown, said: 'learning:course.published' }),
    async ({ actor, course, language }) =>
      coursePage(actor, await publishCourse(actor, course), language),
  )

  route.post(
    '/:course/withdraw',
    can(authorCourses, onCourse),
    takes(nothing, { page: '/courses/:course/edit' }),
    goesTo('/courses/:course/edit', { schema: courseShown, said: 'learning:course.withdrawn' }),
    async ({ actor, course, language }) =>
      coursePage(actor, await withdrawCourse(actor, course), language),
  )
})

/** A course made of another. */
export const copyRoutes = routes('/courses', (route) => {
  route.get(
    '/:course/copy',
    can(authorCourses, onCourse),
    shows('learning:course-copy', courseCopyShown),
    async ({ actor, course: { _id, unit, title, language: spoken }, language }) => ({
      unit,
      course: { id: _id, title, language: spoken },
      units: await unitChoices(actor, { permission: authorCourses, language }),
    }),
  )

  route.post(
    '/:course/copies',
    can(authorCourses, onCourse),
    takes(copyForm, { page: '/courses/:course/copy' }),
    creates('/courses/:id/edit', courseShown, { said: 'learning:course.copied' }),
    async ({ actor, course, form, language }) => {
      const { isNew, ...copy } = await copyCourse(actor, course, form)
      const shown = await coursePage(actor, copy, language)
      return isNew ? shown : already(shown)
    },
  )
})
