import { Invalid, NotFound } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { isDuplicateKey } from '../../platform/database.js'
import { newId, settle } from '../../platform/owed.js'
import { findCourse, type Course } from '../learning/courses.js'
import { peopleMeant } from '../organisation/meaning.js'
import { postsWhere } from '../organisation/posts.js'
import { visibleTo } from '../organisation/scope.js'
import { actsFor } from '../people/access.js'
import { audit } from '../people/audit.js'
import { peopleWhere, type Person } from '../people/people.js'
import type { Audience } from './audience.js'
import { addDays, dayAt } from './days.js'
import type { Due } from './due.js'
import type { PersonAssignmentForm, UnitAssignmentForm } from './forms.js'
import { AssignmentModel, type Assignment } from './models.js'
import { assign, ownedAssignment, type AssignableUnit } from './subjects.js'

export type Assigned = Assignment & { readonly isNew: boolean }

/**
 * Assigns a course to those of a unit who fit the form, now and later. Few have it when this returns, the rest soon
 * after. A form sent twice assigns once. Throws `Invalid` for what the actor cannot name.
 */
export async function assignToUnit(
  actor: Actor,
  { unit, leader }: AssignableUnit,
  form: UnitAssignmentForm,
): Promise<Assigned> {
  const { posts, altitude } = form
  const people = form.people && (await peopleOf(actor, unit._id, form.people))
  await checkPosts(unit._id, posts)
  const audience: Audience = {
    unit: unit._id,
    ...(people && { people }),
    ...(posts && { posts }),
    ...(altitude && { altitude }),
    ...(leader && { manager: leader }),
  }
  const actedFor = leader === actor.person ? undefined : leader
  return store(actor, form, { audience, units: unit.units, actedFor })
}

/** Assigns a course to one person, wherever that person goes. */
export async function assignToPerson(
  actor: Actor,
  { _id, units, manager = null }: Person,
  form: PersonAssignmentForm,
): Promise<Assigned> {
  const actedFor = actsFor(actor, assign, { person: _id, units, manager })
  return store(actor, form, { audience: { people: [_id] }, units, actedFor })
}

/** Ends an assignment: nobody owes the course because of it any more. Twice is once. */
export async function endAssignment(actor: Actor, assignment: Assignment): Promise<void> {
  const { _id } = assignment
  const { modifiedCount } = await AssignmentModel.updateOne(
    { _id, endedAt: null as never },
    { $set: { endedAt: now(), owed: ['follow'] }, $inc: { revision: 1 } },
  )
  if (modifiedCount === 0) return
  const actedFor = actsFor(actor, assign, ownedAssignment(assignment))
  await audit(actor, 'assigning:ended', { object: _id, details: { actedFor } })
  await settle(AssignmentModel, _id)
}

interface Asked {
  readonly _id: Id
  readonly audience: Audience
  readonly units: readonly Id[]
  readonly due: Due | undefined
  readonly months: number | undefined
  readonly actedFor: Id | undefined
}

/** Assigns a course that was judged to be open. The same id again assigns nothing more. */
export async function storeAssignment(
  actor: Actor,
  course: Course,
  { _id, audience, units, due, months, actedFor }: Asked,
): Promise<Assigned> {
  const assignment: Assignment = {
    ...{ _id, course: course._id, audience, units },
    ...(due && { due }),
    ...(months && { months }),
    ...(actedFor && { actedFor }),
    by: actor.person ?? actor.name,
    at: now(),
    revision: 1,
    owed: ['follow'],
  }
  try {
    await AssignmentModel.create(assignment)
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
    return { ...(await sentBefore(assignment)), isNew: false }
  }
  await audit(actor, 'assigning:assigned', {
    object: _id,
    details: { course: course.title, unit: audience.unit, person: audience.people?.[0], actedFor },
  })
  await settle(AssignmentModel, _id)
  return { ...assignment, isNew: true }
}

async function store(
  actor: Actor,
  form: PersonAssignmentForm,
  whom: Pick<Asked, 'audience' | 'units' | 'actedFor'>,
): Promise<Assigned> {
  const course = await openCourse(actor, form.course)
  const { id: _id = newId(), months } = form
  return storeAssignment(actor, course, { _id, ...whom, due: dueOf(form), months })
}

/** The same form sent twice; another's id is refused. */
async function sentBefore({ _id, by }: Assignment): Promise<Assignment> {
  const same = await AssignmentModel.findOne({ _id, by }).lean<Assignment>()
  if (!same) throw wrong('id', 'assigning:id-taken')
  return same
}

async function openCourse(actor: Actor, id: Id): Promise<Course> {
  const course = await findCourse(actor, id).catch((error: unknown) => {
    throw error instanceof NotFound ? wrong('course', 'assigning:no-such-course') : error
  })
  if (course.status !== 'published') throw wrong('course', 'learning:not-published')
  return course
}

function dueOf({ due, days }: PersonAssignmentForm): Due | undefined {
  if (days) return { days }
  refusePast(due, 'due')
  return due
}

/** Refuses a fixed date that is over everywhere. */
export function refusePast(due: Due | undefined, path: string): void {
  if (!due || 'days' in due) return
  const isPast = 'at' in due ? due.at < now() : due.day < addDays(dayAt(now(), 'UTC'), -1)
  if (isPast) throw wrong(path, 'assigning:due-past')
}

/** Those meant, all of them in the unit. */
async function peopleOf(actor: Actor, unit: Id, meant: readonly string[]): Promise<Id[]> {
  const people = await peopleMeant(actor, meant, { permission: assign, field: 'people' })
  const there = await peopleWhere({
    filter: { $and: [visibleTo(actor, assign), { _id: { $in: people }, units: unit }] },
    fields: { _id: 1 },
  })
  if (there.length < people.length) throw wrong('people', 'assigning:no-such-person')
  return people
}

async function checkPosts(unit: Id, posts: readonly Id[] | undefined): Promise<void> {
  if (!posts) return
  const found = await postsWhere({ _id: { $in: [...posts] }, units: unit })
  if (found.length < new Set(posts).size) throw wrong('posts', 'organisation:no-such-post')
}

const wrong = (path: string, code: string): Invalid =>
  new Invalid(code, { errors: [{ path, code }] })
