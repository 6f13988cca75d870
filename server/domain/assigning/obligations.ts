import type { z } from 'zod'
import type { Actor } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { completionsOf } from '../learning/completions.js'
import { courseNamed, coursesNamed } from '../learning/courses.js'
import { visibleTo } from '../organisation/scope.js'
import { unitsNamed } from '../organisation/units.js'
import { peopleWhere } from '../people/people.js'
import { AssignmentModel, type Assignment, type Obligation } from './models.js'
import { namesOf } from './naming.js'
import { assignmentLines } from './assignment-lines.js'
import type { obligationPageShown, obligationShown } from './shown.js'
import { assign, type PlacedObligation } from './subjects.js'

export type ObligationLine = z.input<typeof obligationShown>

/** Obligations as lists show them; those of people out of the actor's reach are left out. */
export async function obligationLines(
  actor: Actor,
  found: readonly Obligation[],
): Promise<ObligationLine[]> {
  const ids = found.map(({ person }) => person)
  const [seen, courses] = await Promise.all([
    peopleWhere({
      filter: { $and: [visibleTo(actor, assign), { _id: { $in: ids } }] },
      fields: { name: 1, unit: 1 },
    }),
    coursesNamed(found.map(({ course }) => course)),
  ])
  const units = await unitsNamed(
    seen.flatMap(({ unit }) => unit ?? []),
    actor.language,
  )
  const people = new Map(seen.map((person) => [person._id, person]))
  return found.flatMap((obligation) => {
    const person = people.get(obligation.person)
    if (!person) return []
    const { _id, course, status, cycle, dueAt, completedAt, asked, remindedOn } = obligation
    const unit = (person.unit && units.get(person.unit)) ?? null
    return {
      id: _id,
      person: { id: person._id, name: person.name, unit },
      course: courseNamed(courses, course),
      status,
      late: isLate(obligation),
      cycle,
      dueAt: dueAt?.toISOString() ?? null,
      completedAt: completedAt?.toISOString() ?? null,
      asked: Boolean(asked),
      remindedOn: remindedOn ?? null,
    }
  })
}

/** Whether what was due is still to be done. */
export const isLate = ({ status, dueAt }: Pick<Obligation, 'status' | 'dueAt'>): boolean =>
  status === 'open' && dueAt !== undefined && dueAt < now()

/** What one person owes of a course, with the assignments behind it and every cycle that was completed. */
export async function obligationPage(
  actor: Actor,
  { obligation }: PlacedObligation,
): Promise<z.input<typeof obligationPageShown>> {
  const { person, course, sources, exemption } = obligation
  const ids = sources.map(({ assignment }) => assignment)
  const [[line], assignments, completions, names] = await Promise.all([
    obligationLines(actor, [obligation]),
    AssignmentModel.find({ _id: { $in: ids } }).lean<Assignment[]>(),
    completionsOf(person),
    namesOf([exemption?.by, exemption?.actedFor]),
  ])
  if (!line) throw new Error('an obligation without a line')
  return {
    ...line,
    assignments: await assignmentLines(actor, assignments),
    exemption: exemption
      ? {
          reason: exemption.reason,
          by: names(exemption.by, exemption.actedFor),
          at: exemption.at.toISOString(),
          until: exemption.until?.toISOString() ?? null,
        }
      : null,
    completions: completions
      .filter((completion) => completion.course === course)
      .map(({ cycle, at }) => ({ cycle, at: at.toISOString() })),
  }
}
