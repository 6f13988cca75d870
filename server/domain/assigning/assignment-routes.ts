import { already, can, creates, goesTo, routes, shows, signedIn, takes } from '../../http/routes.js'
import { openCourseChoices } from '../learning/catalogue.js'
import { onCourse } from '../learning/subjects.js'
import { onPerson } from '../organisation/subjects.js'
import { assignToPerson, assignToUnit, endAssignment } from './assigning.js'
import {
  assignmentsQuery,
  obligationsQuery,
  nothing,
  personAssignmentForm,
  repeatForm,
  unitAssignmentForm,
} from './forms.js'
import { assignmentLine } from './assignment-lines.js'
import { assignmentPage, assignmentsPage, newUnitAssignment } from './pages.js'
import {
  assignmentPageShown,
  assignmentShown,
  assignmentsShown,
  newPersonAssignmentShown,
  newUnitAssignmentShown,
  repeatedShown,
} from './shown.js'
import { repeatAssignments } from './repeating.js'
import { assign, onAssignableUnit, onAssignment } from './subjects.js'
import { assignmentsFile, obligationsFile } from './list-files.js'

export const unitAssignmentRoutes = routes('/units/:unit/assignments', (route) => {
  route.get(
    '/new',
    can(assign, onAssignableUnit),
    shows('assigning:unit-new', newUnitAssignmentShown),
    ({ actor, unit }) => newUnitAssignment(actor, unit),
  )

  route.post(
    '/',
    can(assign, onAssignableUnit),
    takes(unitAssignmentForm, { page: '/units/:unit/assignments/new' }),
    creates('/assignments/:id', assignmentShown, { said: 'assigning:said.assigned' }),
    async ({ actor, unit, form }) => {
      const assignment = await assignToUnit(actor, unit, form)
      const shown = await assignmentLine(actor, assignment)
      return assignment.isNew ? shown : already(shown)
    },
  )
})

export const personAssignmentRoutes = routes('/people/:person/assignments', (route) => {
  route.get(
    '/new',
    can(assign, onPerson),
    shows('assigning:person-new', newPersonAssignmentShown),
    async ({ actor, person: { _id, name } }) => ({
      person: { id: _id, name },
      courses: await openCourseChoices(actor),
    }),
  )

  route.post(
    '/',
    can(assign, onPerson),
    takes(personAssignmentForm, { page: '/people/:person/assignments/new' }),
    creates('/assignments/:id', assignmentShown, { said: 'assigning:said.assigned' }),
    async ({ actor, person, form }) => {
      const assignment = await assignToPerson(actor, person, form)
      const shown = await assignmentLine(actor, assignment)
      return assignment.isNew ? shown : already(shown)
    },
  )
})

/** A copy is assigned as the course it was made of is. */
export const repeatedAssignmentRoutes = routes('/courses/:course/assignments', (route) => {
  route.post(
    '/',
    signedIn(onCourse),
    takes(repeatForm),
    creates('/assignments?course=:course', repeatedShown, { said: 'assigning:said.repeated' }),
    async ({ actor, course, form }) => ({
      course: course._id,
      assignments: await repeatAssignments(actor, course, form),
    }),
  )
})

export const assignmentRoutes = routes('/assignments', (route) => {
  route.get(
    '/',
    can(assign),
    shows('assigning:assignments', assignmentsShown, {
      query: assignmentsQuery,
      file: assignmentsFile,
    }),
    ({ actor, query }) => assignmentsPage(actor, query),
  )

  route.get(
    '/:assignment',
    can(assign, onAssignment),
    shows('assigning:assignment', assignmentPageShown, {
      query: obligationsQuery,
      file: obligationsFile,
    }),
    ({ actor, assignment, query }) => assignmentPage(actor, assignment, query),
  )

  route.post(
    '/:assignment/end',
    can(assign, onAssignment),
    takes(nothing),
    goesTo('/assignments/:assignment', { said: 'assigning:said.ended' }),
    ({ actor, assignment }) => endAssignment(actor, assignment),
  )
})
