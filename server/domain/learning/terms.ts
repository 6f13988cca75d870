import { Invalid, type FieldError } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { competenciesNamed } from '../competencies/frameworks.js'
import { unitsKnownTo } from '../organisation/units.js'
import type { CourseChange } from './changing.js'
import { knownTo } from './courses.js'
import { CourseModel, type Course } from './models.js'
import { trainersFor } from './trainers.js'

/**
 * Refuses what a course cannot name: competencies, courses, units and people that are not there for the actor. Throws
 * `Invalid` with one error per field.
 */
export async function checkTerms(
  actor: Actor,
  course: Course | undefined,
  change: CourseChange | { readonly outcomes?: Course['outcomes'] | undefined },
): Promise<void> {
  const { outcomes, prerequisites, enrolment, trainers }: CourseChange = change as CourseChange
  const errors = [
    ...(await unknownOutcomes(outcomes)),
    ...(await unknownPrerequisites(actor, course, prerequisites)),
    ...(await unknownUnits(actor, enrolment)),
    ...(await strangers(actor, course, trainers)),
  ]
  const [first] = errors
  if (first)
    throw new Invalid(first.code, { errors, ...(first.values && { values: first.values }) })
}

async function unknownOutcomes(outcomes: Course['outcomes'] = []): Promise<FieldError[]> {
  if (outcomes.length === 0) return []
  const ids = outcomes.map(({ competency }) => competency)
  const known = await competenciesNamed(ids, 'en')
  const twice = ids.some((id, at) => ids.indexOf(id) !== at)
  return [
    ...ids
      .filter((id) => !known.has(id))
      .map((competency) => wrong('outcomes', 'learning:no-such-competency', { competency })),
    ...(twice ? [wrong('outcomes', 'learning:competency-twice')] : []),
  ]
}

async function unknownPrerequisites(
  actor: Actor,
  course: Course | undefined,
  wanted: readonly Id[] = [],
): Promise<FieldError[]> {
  const added = wanted.filter((id) => !course?.prerequisites.includes(id))
  if (added.length === 0) return []
  const found = await CourseModel.find(
    { $and: [{ _id: { $in: added } }, knownTo(actor)] },
    { prerequisites: 1 },
  ).lean<Pick<Course, '_id' | 'prerequisites'>[]>()
  if (found.length < added.length) return [wrong('prerequisites', 'learning:no-such-course')]
  const circle = course && (await leadsTo(course._id, added))
  return circle ? [wrong('prerequisites', 'learning:prerequisites-circle')] : []
}

const longestChain = 20

/** Whether one of some courses wants another first, at whatever remove: nobody could begin either. */
async function leadsTo(course: Id, from: readonly Id[]): Promise<boolean> {
  let next = [...from]
  const seen = new Set<Id>()
  for (let depth = 0; depth < longestChain && next.length > 0; depth += 1) {
    if (next.includes(course)) return true
    for (const id of next) seen.add(id)
    const found = await CourseModel.find({ _id: { $in: next } }, { prerequisites: 1 }).lean<
      Pick<Course, 'prerequisites'>[]
    >()
    next = found.flatMap(({ prerequisites }) => prerequisites).filter((id) => !seen.has(id))
  }
  return false
}

async function unknownUnits(
  actor: Actor,
  enrolment: Course['enrolment'] | undefined,
): Promise<FieldError[]> {
  if (enrolment?.rule !== 'unit') return []
  if (enrolment.units.length === 0) return [wrong('enrolment', 'learning:no-unit-chosen')]
  const known = new Set((await unitsKnownTo(actor)).map(({ _id }) => _id))
  const unknown = enrolment.units.some((id) => !known.has(id))
  return unknown ? [wrong('enrolment', 'organisation:no-such-unit')] : []
}

/** Who is a trainer of the course already may stay, whoever edits it. */
async function strangers(
  actor: Actor,
  course: Course | undefined,
  wanted: readonly Id[] | undefined,
): Promise<FieldError[]> {
  if (!wanted || !course) return []
  if (wanted.length === 0) return [wrong('trainers', 'learning:no-trainer')]
  const added = wanted.filter((id) => !course.trainers.includes(id))
  if (added.length === 0) return []
  const known = new Set((await trainersFor(actor)).map(({ value }) => value))
  return added.some((id) => !known.has(id)) ? [wrong('trainers', 'learning:no-such-trainer')] : []
}

const wrong = (path: string, code: string, values?: FieldError['values']): FieldError => ({
  path,
  code,
  ...(values && { values }),
})
