import { Conflict, Forbidden } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { findPerson } from '../people/people.js'
import { withdrawnSince } from './corrections/reading.js'
import { coursesNamed } from './courses.js'
import { CompletionModel, type Course } from './models.js'

/** Only a published course takes people in. */
export function refuseUnpublished({ status }: Pick<Course, 'status'>): void {
  if (status !== 'published') throw new Conflict('learning:not-published')
}

/** The courses that must be completed first and are not, by name. Throws `learning:prerequisites-missing` with them. */
export async function refuseUnprepared(person: Id, course: Course): Promise<void> {
  const missing = await missingFor(person, course)
  if (missing.length === 0) return
  const courses = missing.map(({ title }) => title).join(', ')
  throw new Conflict('learning:prerequisites-missing', {
    values: { courses },
    members: { prerequisites: missing },
  })
}

/** What a person has still to complete before a course. */
export async function missingFor(
  person: Id,
  { prerequisites }: Pick<Course, 'prerequisites'>,
): Promise<{ id: Id; title: string }[]> {
  if (prerequisites.length === 0) return []
  const done = await CompletionModel.find(
    { person, course: { $in: [...prerequisites] } },
    { course: 1 },
  ).lean<{ _id: Id; course: Id }[]>()
  const withdrawn = await withdrawnSince(done.map(({ _id }) => _id))
  const had = new Set(done.filter(({ _id }) => !withdrawn.has(_id)).map(({ course }) => course))
  const missing = prerequisites.filter((id) => !had.has(id))
  const names = await coursesNamed(missing)
  return missing.flatMap((id) => {
    const title = names.get(id)?.title
    return title === undefined ? [] : [{ id, title }]
  })
}

/**
 * Whether somebody gets in at once: by an open door, as one of the units the course is for, or because somebody else
 * enrols them. Throws `learning:not-for-unit`.
 */
export async function mayEnrolAtOnce(
  actor: Actor,
  person: Id,
  { enrolment: door }: Pick<Course, 'enrolment'>,
): Promise<boolean> {
  if (actor.person !== person) return true
  if (door.rule !== 'unit') return door.rule === 'open'
  if (await isOfUnits(person, door.units)) return true
  throw new Forbidden('learning:not-for-unit')
}

/** Whether a person belongs to one of some units, or to a unit below. */
export async function isOfUnits(person: Id, wanted: readonly Id[]): Promise<boolean> {
  const { units } = await findPerson(person)
  return units.some((unit) => wanted.includes(unit))
}
