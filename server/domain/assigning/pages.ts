import type { z } from 'zod'
import { orderOf, toPage, windowOf } from '../../http/lists.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { pageAndTotal } from '../../platform/totals.js'
import { openCourseChoices } from '../learning/catalogue.js'
import { coursesFound } from '../learning/courses.js'
import { peopleFound } from '../organisation/finding.js'
import { postsWhere, titleIn } from '../organisation/posts.js'
import { visibleTo } from '../organisation/scope.js'
import { nameIn, unitChoices, unitsKnownTo } from '../organisation/units.js'
import { peopleWhere } from '../people/people.js'
import { assignmentLine, assignmentLines } from './assignment-lines.js'
import {
  assignmentOrders,
  obligationOrders,
  type AssignmentsQuery,
  type ObligationsQuery,
} from './forms.js'
import { AssignmentModel, ObligationModel, type Assignment } from './models.js'
import { obligationLines } from './obligations.js'
import type { assignmentPageShown, assignmentsShown, newUnitAssignmentShown } from './shown.js'
import { assign, overseenBy, type AssignableUnit } from './subjects.js'

/** A page of the assignments an actor oversees, the latest first. */
export async function assignmentsPage(
  actor: Actor,
  query: AssignmentsQuery,
): Promise<z.input<typeof assignmentsShown>> {
  const filter = { $and: [overseenBy(actor), ...(await narrowed(query))] }
  const sort = orderOf(assignmentOrders, query.sort, '-at')
  const [{ found, total }, units, courses] = await Promise.all([
    pageAndTotal(AssignmentModel, filter, { sort, ...windowOf(query) }),
    assignableUnits(actor),
    openCourseChoices(actor),
  ])
  const lines = await assignmentLines(actor, found)
  return { ...toPage(lines, total, { path: '/assignments', query }), units, courses }
}

/** An assignment with a page of those it has reached whom the actor may see. */
export async function assignmentPage(
  actor: Actor,
  assignment: Assignment,
  query: ObligationsQuery,
): Promise<z.input<typeof assignmentPageShown>> {
  const filter = {
    'sources.assignment': assignment._id,
    ...(query.q && { person: { $in: await peopleFound(actor, assign, query.q) } }),
  }
  const sort = orderOf(obligationOrders, query.sort, 'due')
  const [{ found, total }, line] = await Promise.all([
    pageAndTotal(ObligationModel, filter, { sort, ...windowOf(query) }),
    assignmentLine(actor, assignment),
  ])
  const lines = await obligationLines(actor, found)
  return { ...line, ...toPage(lines, total, { path: `/assignments/${assignment._id}`, query }) }
}

/** What the form wants to know: other units, open courses, and the posts of this unit. */
export async function newUnitAssignment(
  actor: Actor,
  { unit }: AssignableUnit,
): Promise<z.input<typeof newUnitAssignmentShown>> {
  const [units, courses, posts] = await Promise.all([
    assignableUnits(actor),
    openCourseChoices(actor),
    postsWhere({ units: unit._id }, { limit: mostChoices }),
  ])
  return {
    unit: { id: unit._id, name: nameIn(unit, actor.language) },
    units,
    courses,
    posts: posts.map((post) => ({ value: post._id, label: titleIn(post, actor.language) })),
  }
}

/** The units an actor may assign to: its own, and those in which it leads somebody. */
export async function assignableUnits(actor: Actor): Promise<{ value: Id; label: string }[]> {
  const { language } = actor
  const own = await unitChoices(actor, { permission: assign, language })
  if (own.length > 0) return own
  const led = await peopleWhere({
    filter: { $and: [visibleTo(actor, assign), { status: { $ne: 'deactivated' } }] },
    fields: { unit: 1 },
  })
  const there = new Set(led.flatMap(({ unit }) => unit ?? []))
  const known = await unitsKnownTo(actor)
  return known
    .filter(({ _id }) => there.has(_id))
    .map((unit) => ({ value: unit._id, label: nameIn(unit, language) }))
}

const mostChoices = 500

const narrowed = async ({ unit, course, q }: AssignmentsQuery): Promise<object[]> => [
  ...(unit ? [{ units: unit }] : []),
  ...(course ? [{ course }] : []),
  ...(q ? [{ course: { $in: await coursesFound(q) } }] : []),
]
