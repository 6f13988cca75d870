import type { z } from 'zod'
import type { Actor, Id } from '../../kernel/contract.js'
import { talliesOf } from '../../platform/tallies.js'
import { courseNamed, coursesNamed } from '../learning/courses.js'
import { postsWhere, titleIn, type Post } from '../organisation/posts.js'
import { visiblePeople } from '../organisation/scope.js'
import { unitsNamed } from '../organisation/units.js'
import { peopleNamed } from '../people/people.js'
import type { Audience } from './audience.js'
import { assignmentTally, nobodyReached } from './counting.js'
import type { Assignment } from './models.js'
import { namesOf } from './naming.js'
import type { assignmentShown } from './shown.js'
import { assign } from './subjects.js'

type AssignmentLine = z.input<typeof assignmentShown>

/** One assignment as lists show it. */
export async function assignmentLine(
  actor: Actor,
  assignment: Assignment,
): Promise<AssignmentLine> {
  const [line] = await assignmentLines(actor, [assignment])
  if (!line) throw new Error('an assignment without a line')
  return line
}

/** Assignments as lists show them; people out of the actor's reach are not named. */
export async function assignmentLines(
  actor: Actor,
  found: readonly Assignment[],
): Promise<AssignmentLine[]> {
  const { language } = actor
  const audiences = found.map(({ audience }) => audience)
  const seen = await visiblePeople(
    actor,
    assign,
    audiences.flatMap(({ people }) => people ?? []),
  )
  const [courses, units, people, posts, who, counts] = await Promise.all([
    coursesNamed(found.map(({ course }) => course)),
    unitsNamed(
      audiences.flatMap(({ unit }) => unit ?? []),
      language,
    ),
    peopleNamed([...seen, ...audiences.flatMap(({ manager }) => manager ?? [])]),
    postsWhere({ _id: { $in: audiences.flatMap(({ posts: ids }) => ids ?? []) } }),
    namesOf(found.flatMap(({ by, actedFor }) => [by, actedFor])),
    talliesOf(
      assignmentTally,
      found.map(({ _id }) => _id),
    ),
  ])
  const named: Named = { units, people, posts, seen: new Set(seen), language }
  return found.map(({ _id, course, audience, due, months, by, actedFor, at, endedAt }) => ({
    id: _id,
    course: courseNamed(courses, course),
    audience: audienceShown(audience, named),
    due: dueShown(due),
    months: months ?? null,
    by: who(by, actedFor),
    at: at.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    counts: counts.get(_id) ?? nobodyReached,
  }))
}

interface Named {
  readonly units: ReadonlyMap<Id, string>
  readonly people: Awaited<ReturnType<typeof peopleNamed>>
  readonly posts: readonly Post[]
  /** Of the people named, those whom the actor may see. */
  readonly seen: ReadonlySet<Id>
  readonly language: string
}

function audienceShown(
  { unit, people = [], posts = [], altitude, manager }: Audience,
  named: Named,
): AssignmentLine['audience'] {
  const person = (id: Id) => ({ id, name: named.people.get(id)?.name ?? '' })
  return {
    unit: unit ? { id: unit, name: named.units.get(unit) ?? '' } : null,
    people: people.filter((id) => named.seen.has(id)).map(person),
    posts: named.posts
      .filter(({ _id }) => posts.includes(_id))
      .map((post) => ({ id: post._id, title: titleIn(post, named.language) })),
    altitude: altitude ?? null,
    manager: manager ? person(manager) : null,
  }
}

const dueShown = (due: Assignment['due']): AssignmentLine['due'] =>
  !due ? null : 'at' in due ? { at: due.at.toISOString() } : due
