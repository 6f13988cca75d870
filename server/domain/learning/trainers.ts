import type { Actor, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { visibleTo } from '../organisation/scope.js'
import { peopleWhere } from '../people/people.js'
import { rolesOver } from '../people/roles.js'
import { authorCourses } from './courses.js'

/** Who may be a course's trainer with the actor: those with the role today, among the people of the units the actor writes courses for. */
export async function trainersFor(actor: Actor): Promise<{ value: Id; label: string }[]> {
  const at = now()
  const held = (await rolesOver(undefined, at)).filter(
    ({ role, from }) => role === 'trainer' && from <= at,
  )
  const people = await peopleWhere({
    filter: {
      $and: [
        visibleTo(actor, authorCourses),
        { _id: { $in: held.map(({ person }) => person) }, status: { $ne: 'deactivated' } },
      ],
    },
    sort: { familyName: 1, _id: 1 },
    fields: { name: 1 },
  })
  return people.map(({ _id, name }) => ({ value: _id, label: name }))
}
