import { Conflict } from '../../errors.js'
import type { Actor } from '../../kernel/contract.js'
import type { Course } from '../learning/courses.js'
import { refuseUnpublished } from '../learning/entering.js'
import { visibleTo } from '../organisation/scope.js'
import { actsFor, may } from '../people/access.js'
import { peopleWhere } from '../people/people.js'
import { refusePast, storeAssignment } from './assigning.js'
import { addDays } from './days.js'
import type { Due } from './due.js'
import { AssignmentModel, type Assignment } from './models.js'
import { assign, overseenBy } from './subjects.js'

const most = 1000

/**
 * What still asks for the course that a copy was made of and not yet for the copy, as far as the actor may assign the same
 * today: to the unit, or to the person wherever that person is now.
 */
export async function repeatable(
  actor: Actor,
  { _id: course, copiedFrom }: Course,
): Promise<Assignment[]> {
  if (!copiedFrom || !may(actor, assign)) return []
  const found = await AssignmentModel.find({
    $and: [overseenBy(actor), { course: copiedFrom, endedAt: null as never }],
  })
    .sort({ at: 1, _id: 1 })
    .limit(most + 1)
    .lean<Assignment[]>()
  const ids = found.map((assignment) => repeatedId(course, assignment))
  const there = await AssignmentModel.distinct('_id', { _id: { $in: ids } })
  const missing = found.filter((_, at) => !there.includes(ids[at] ?? ''))
  return assignableToday(actor, missing)
}

/**
 * Assigns a copy to those the course it was made of is assigned to, each once. Returns how many assignments that came to.
 * Throws `assigning:nothing-to-repeat`, `assigning:too-many-to-repeat`, and `assigning:due-past` before any is made.
 */
export async function repeatAssignments(
  actor: Actor,
  course: Course,
  { days }: { readonly days: number },
): Promise<number> {
  refuseUnpublished(course)
  const found = await repeatable(actor, course)
  if (found.length === 0) throw new Conflict('assigning:nothing-to-repeat')
  if (found.length > most) throw new Conflict('assigning:too-many-to-repeat')
  const dues = found.map(({ due }) => movedBy(due, days))
  for (const due of dues) refusePast(due, 'days')
  for (const [at, assignment] of found.entries()) {
    const { audience, units, months } = assignment
    await storeAssignment(actor, course, {
      _id: repeatedId(course._id, assignment),
      ...{ audience, units, months },
      due: dues[at],
      actedFor: actsFor(actor, assign, ownedToday(assignment)),
    })
  }
  return found.length
}

/** A date so many days later; what is counted from each arrival stays. */
export function movedBy(due: Due | undefined, days: number): Due | undefined {
  if (!due || 'days' in due) return due
  if ('day' in due) return { day: addDays(due.day, days) }
  return { at: new Date(Number(due.at) + days * 86_400_000) }
}

const repeatedId = (course: string, { _id }: Assignment): string => `${course}|${_id}`

/** Whose it would be, made anew: not its author's of then. */
const ownedToday = ({ units, audience }: Assignment) => ({
  units,
  manager: audience.manager ?? null,
})

async function assignableToday(actor: Actor, found: readonly Assignment[]): Promise<Assignment[]> {
  const ids = found.flatMap(({ audience: { unit, people } }) => (unit ? [] : (people ?? [])))
  const people = await peopleWhere({
    filter: { $and: [visibleTo(actor, assign), { _id: { $in: ids } }] },
    fields: { units: 1, manager: 1 },
  })
  const unitsOf = new Map(people.map(({ _id, units }) => [_id, units]))
  return found.flatMap((assignment) => {
    const [person = ''] = assignment.audience.people ?? []
    if (assignment.audience.unit)
      return may(actor, assign, ownedToday(assignment)) ? [assignment] : []
    const units = unitsOf.get(person)
    return units ? [{ ...assignment, units }] : []
  })
}
