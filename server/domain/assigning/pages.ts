import type { z } from 'zod'
import { toPage, windowOf } from '../../http/lists.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { openCourseChoices } from '../learning/catalogue.js'
import { coursesNamed } from '../learning/courses.js'
import { postsWhere, titleIn, type Post } from '../organisation/posts.js'
import { scopeOf, visiblePeople, visibleTo } from '../organisation/scope.js'
import { unitChoices, unitsKnownTo, unitsNamed, nameIn } from '../organisation/units.js'
import { peopleNamed, peopleWhere } from '../people/people.js'
import type { Audience } from './audience.js'
import type { AssignmentsQuery } from './forms.js'
import { AssignmentModel, ObligationModel, type Assignment, type Obligation } from './models.js'
import { namesOf } from './naming.js'
import type {
  assignmentPageShown,
  assignmentShown,
  assignmentsShown,
  newUnitAssignmentShown,
  obligationShown,
} from './shown.js'
import { assign, type AssignableUnit } from './subjects.js'
import { countsOf } from './counting.js'

type AssignmentLine = z.input<typeof assignmentShown>
type ObligationLine = z.input<typeof obligationShown>

/** A page of the assignments an actor oversees, the latest first. */
export async function assignmentsPage(
  actor: Actor,
  query: AssignmentsQuery,
): Promise<z.input<typeof assignmentsShown>> {
  const filter = { $and: [overseenBy(actor), ...narrowed(query)] }
  const { skip, limit } = windowOf(query)
  const [found, total, units, courses] = await Promise.all([
    AssignmentModel.find(filter)
      .sort({ at: -1, _id: 1 })
      .skip(skip)
      .limit(limit)
      .lean<Assignment[]>(),
    AssignmentModel.countDocuments(filter),
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
  query: { readonly page: number },
): Promise<z.input<typeof assignmentPageShown>> {
  const filter = { 'sources.assignment': assignment._id }
  const { skip, limit } = windowOf(query)
  const [found, total, line] = await Promise.all([
    ObligationModel.find(filter).sort({ person: 1 }).skip(skip).limit(limit).lean<Obligation[]>(),
    ObligationModel.countDocuments(filter),
    assignmentLine(actor, assignment),
  ])
  const lines = await obligationLines(actor, found)
  return { ...line, ...toPage(lines, total, { path: `/assignments/${assignment._id}`, query }) }
}

export async function assignmentLine(
  actor: Actor,
  assignment: Assignment,
): Promise<AssignmentLine> {
  const [line] = await assignmentLines(actor, [assignment])
  if (!line) throw new Error('an assignment without a line')
  return line
}

/** What the form wants to know: other units, open courses, and the people and posts of this unit. */
export async function newUnitAssignment(
  actor: Actor,
  { unit, leader }: AssignableUnit,
): Promise<z.input<typeof newUnitAssignmentShown>> {
  const [units, courses, people, posts] = await Promise.all([
    assignableUnits(actor),
    openCourseChoices(actor),
    peopleWhere({
      filter: {
        $and: [
          visibleTo(actor, assign),
          { units: unit._id, status: { $ne: 'deactivated' } },
          ...(leader ? [{ manager: leader }] : []),
        ],
      },
      sort: { familyName: 1, _id: 1 },
      fields: { name: 1 },
      limit: mostChoices,
    }),
    postsWhere({ units: unit._id }, { limit: mostChoices }),
  ])
  return {
    unit: { id: unit._id, name: nameIn(unit, actor.language) },
    units,
    courses,
    people: people.map(({ _id, name }) => ({ value: _id, label: name })),
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

function overseenBy(actor: Actor): object {
  const { everything, units, reportsOf } = scopeOf(actor, assign)
  if (everything) return {}
  return {
    $or: [
      { units: { $in: units } },
      { 'audience.manager': { $in: reportsOf } },
      { by: actor.person },
      { actedFor: actor.person },
    ],
  }
}

const narrowed = ({ unit, course }: AssignmentsQuery): object[] => [
  ...(unit ? [{ units: unit }] : []),
  ...(course ? [{ course }] : []),
]

async function assignmentLines(
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
    countsOf(found.map(({ _id }) => _id)),
  ])
  const named: Named = { units, people, posts, seen: new Set(seen), language }
  return found.map(({ _id, course, audience, due, months, by, actedFor, at, endedAt }) => ({
    id: _id,
    course: { id: course, title: courses.get(course)?.title ?? '' },
    audience: audienceShown(audience, named),
    due: dueShown(due),
    months: months ?? null,
    by: who(by, actedFor),
    at: at.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    counts: counts(_id),
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

/** Obligations as lists show them; those of people out of the actor's reach are left out. */
export async function obligationLines(
  actor: Actor,
  found: readonly Obligation[],
): Promise<ObligationLine[]> {
  const seen = await visiblePeople(
    actor,
    assign,
    found.map(({ person }) => person),
  )
  const [people, courses] = await Promise.all([
    peopleNamed(seen),
    coursesNamed(found.map(({ course }) => course)),
  ])
  return found
    .filter(({ person }) => people.has(person))
    .map(({ _id, person, course, status, cycle, dueAt, completedAt }) => ({
      id: _id,
      person: { id: person, name: people.get(person)?.name ?? '' },
      course: { id: course, title: courses.get(course)?.title ?? '' },
      status,
      late: status === 'open' && dueAt !== undefined && dueAt < now(),
      cycle,
      dueAt: dueAt?.toISOString() ?? null,
      completedAt: completedAt?.toISOString() ?? null,
    }))
}
