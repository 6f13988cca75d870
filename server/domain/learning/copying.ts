import { randomUUID } from 'node:crypto'
import type { Actor, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { insertMissing, isDuplicateKey } from '../../platform/database.js'
import { unitFor } from '../organisation/units.js'
import { audit } from '../people/audit.js'
import { ownDraft } from './authoring.js'
import { keptFrom } from './changing.js'
import { authorCourses, stepsOf } from './courses.js'
import { CourseModel, type Activity, type Course } from './models.js'
import { PackageVersionModel, type PackageVersion } from './package-models.js'

export interface Copying {
  /** A form's hidden id: sent twice, it copies once. */
  readonly id?: Id | undefined
  readonly title: string
  readonly unit?: Id | undefined
}

/**
 * Begins a course as a draft that has everything another has but its learners and its history: steps, the packages in
 * use, texts, levels and rules, and in the same unit its trainers. What becomes of one changes nothing in the other.
 */
export async function copyCourse(
  actor: Actor,
  from: Course,
  { id = randomUUID(), title, unit }: Copying,
): Promise<Course & { isNew: boolean }> {
  if (await CourseModel.exists({ _id: id })) return { ...(await ownDraft(actor, id)), isNew: false }
  const place = await unitFor(actor, authorCourses, unit ?? from.unit)
  const steps = stepsOf(from).map((step, at) => stepCopied(step, `${id}-${at + 1}`))
  await copyVersions(actor, id, steps)
  const activities = steps.map(({ copy }) => copy)
  const course: Course = {
    ...settingsOf(from),
    ...{ _id: id, title, activities },
    ...keptFrom({ ...from, title, activities }),
    ...{ unit: place._id, units: place.units },
    trainers: trainersWith(actor, place._id === from.unit ? from.trainers : []),
    copiedFrom: from._id,
    ...{ status: 'draft', version: 0, enrolled: 0, completed: 0, counts: 0, revision: 0 },
    createdAt: now(),
  }
  try {
    await CourseModel.create(course)
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
    return { ...(await ownDraft(actor, id)), isNew: false }
  }
  await audit(actor, 'learning:course-copied', {
    object: id,
    details: { title, from: from.title, unit: place._id },
  })
  return { ...course, isNew: true }
}

const settingsOf = (course: Course) => ({
  language: course.language,
  summary: course.summary,
  keywords: course.keywords,
  outcomes: course.outcomes,
  prerequisites: course.prerequisites,
  enrolment: course.enrolment,
  attempt: course.attempt,
})

const trainersWith = ({ person }: Actor, trainers: readonly Id[]): Id[] => [
  ...new Set([...(person ? [person] : []), ...trainers]),
]

interface Copied {
  readonly step: Activity
  readonly copy: Activity
}

function stepCopied(step: Activity, id: Id): Copied {
  const { version, restart: _, ...rest } = step
  return { step, copy: { ...rest, id, ...(version && { version: `${id}-package` }) } }
}

/** There before the course names them: a crash between the two leaves nothing that is shown. */
async function copyVersions(actor: Actor, course: Id, steps: readonly Copied[]): Promise<void> {
  const ids = steps.flatMap(({ step }) => step.version ?? [])
  const found = await PackageVersionModel.find({ _id: { $in: ids } }).lean<PackageVersion[]>()
  const copies = steps.flatMap(({ step, copy }) => {
    const version = found.find(({ _id }) => _id === step.version)
    if (!version || !copy.version) return []
    const by = actor.person ?? actor.name
    return [{ ...version, _id: copy.version, course, activity: copy.id, number: 1, by, at: now() }]
  })
  await insertMissing(PackageVersionModel, copies)
}
