import { randomUUID } from 'node:crypto'
import { Conflict } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import type { Course } from '../learning/courses.js'
import { refuseUnpublished } from '../learning/entering.js'
import { actsFor, may } from '../people/access.js'
import { refusePast, storeAssignment } from './assigning.js'
import { addDays } from './days.js'
import type { Due } from './due.js'
import { AssignmentModel, type Assignment } from './models.js'
import { assign, overseenBy, ownedAssignment } from './subjects.js'

const most = 200

/** What still asks for the course that a copy was made of, as far as the actor may assign as well. */
export async function repeatable(actor: Actor, { copiedFrom }: Course): Promise<Assignment[]> {
  if (!copiedFrom || !may(actor, assign)) return []
  const found = await AssignmentModel.find({
    $and: [overseenBy(actor), { course: copiedFrom, endedAt: null as never }],
  })
    .sort({ at: 1, _id: 1 })
    .limit(most)
    .lean<Assignment[]>()
  return found.filter((assignment) => may(actor, assign, ownedAssignment(assignment)))
}

export interface Repeating {
  /** A form's hidden id: sent twice, it assigns once. */
  readonly id?: Id | undefined
  /** By how many days each fixed date moves. */
  readonly days: number
}

/**
 * Assigns a copy to those the course it was made of is assigned to. Returns how many assignments that came to. Throws
 * `assigning:nothing-to-repeat`, and `assigning:due-past` before any is made.
 */
export async function repeatAssignments(
  actor: Actor,
  course: Course,
  { id = randomUUID(), days }: Repeating,
): Promise<number> {
  refuseUnpublished(course)
  const found = await repeatable(actor, course)
  if (found.length === 0) throw new Conflict('assigning:nothing-to-repeat')
  const dues = found.map(({ due }) => movedBy(due, days))
  for (const due of dues) refusePast(due, 'days')
  for (const [at, assignment] of found.entries()) {
    const { _id, audience, units, months } = assignment
    await storeAssignment(actor, course, {
      _id: `${id}|${_id}`,
      ...{ audience, units, months },
      due: dues[at],
      actedFor: actsFor(actor, assign, ownedAssignment(assignment)),
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
