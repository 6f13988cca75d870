import type { Panel } from '../../http/shell.js'
import type { Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import type { Course } from '../learning/courses.js'
import { assignmentLines } from './assignment-lines.js'
import { repeatable } from './repeating.js'
import { ObligationModel, type Obligation } from './models.js'
import { obligationLines } from './obligations.js'
import { assign, lead } from './subjects.js'
import { teamFigures } from './team.js'

const shownAtMost = 50
const shownAtHome = 4
const soon = 14 * 86_400_000

/** What waits in a line manager's team, on the home page. */
export const teamPanel: Panel = {
  place: 'home',
  view: 'assigning:home-team',
  needs: lead,
  order: 15,
  load: async ({ actor }) => {
    const { people, open } = await teamFigures(actor)
    if (people === 0) return undefined
    const late = open.filter((one) => one.late)
    const until = new Date(Number(now()) + soon).toISOString()
    const due = open.filter((one) => !one.late && one.dueAt && one.dueAt < until)
    return { late: late.slice(0, shownAtHome), lateCount: late.length, dueCount: due.length }
  },
}

/** The ways to what is assigned to a unit, on the unit's page. */
export const unitPanel: Panel = {
  place: 'organisation:unit',
  view: 'assigning:unit-links',
  needs: assign,
  order: 30,
  load: ({ subject }) => Promise.resolve({ unit: (subject as { _id: Id })._id }),
}

/** On the page of a copy: how the course it was made of is assigned, to assign it likewise. */
export const coursePanel: Panel = {
  place: 'learning:course',
  view: 'assigning:repeat',
  order: 60,
  load: async ({ actor, subject }) => {
    const course = subject as Course
    if (course.status !== 'published') return undefined
    const found = await repeatable(actor, course)
    if (found.length === 0) return undefined
    return {
      course: course._id,
      items: await assignmentLines(actor, found.slice(0, shownAtMost)),
      count: found.length,
    }
  },
}

/** What somebody is to complete, on that person's page. */
export const profilePanel: Panel = {
  place: 'people:profile',
  view: 'assigning:profile',
  needs: assign,
  order: 25,
  load: async ({ actor, subject }) => {
    const { _id: person } = subject as { _id: Id }
    const found = await ObligationModel.find({ person, status: { $ne: 'lifted' } })
      .limit(shownAtMost)
      .lean<Obligation[]>()
    return { person, items: await obligationLines(actor, found) }
  },
}
