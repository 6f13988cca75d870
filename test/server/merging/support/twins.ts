import { randomUUID } from 'node:crypto'
import { addEvidence } from '../../../../server/domain/competencies/evidence.js'
import { openAttempt } from '../../../../server/domain/learning/attempts.js'
import { enrol } from '../../../../server/domain/learning/enrolments.js'
import { AttemptModel, type Course } from '../../../../server/domain/learning/models.js'
import { recordProgress } from '../../../../server/domain/learning/progress.js'
import { addPerson } from '../../../../server/domain/organisation/directory.js'
import { systemActor } from '../../../../server/domain/people/access.js'
import { PersonModel } from '../../../../server/domain/people/models.js'
import { hashPassword } from '../../../../server/domain/people/passwords/passwords.js'
import type { Id } from '../../../../server/kernel/contract.js'
import { now } from '../../../../server/platform/clock.js'
import { buildProgress, buildStep, storeCourse } from '../../learning/support/taking.js'

const system = systemActor('test')
export const password = 'a long enough one'
let hash: Promise<string> | undefined

/** Somebody new who has a password, of a name that nobody else has unless one is given. */
export async function somebodyNew(
  given: Partial<Parameters<typeof addPerson>[1]> = {},
): Promise<Id> {
  const familyName = `Twin${randomUUID().slice(0, 8)}`
  const person = await addPerson(system, {
    ...{ givenName: 'Ana María', familyName, language: 'en', unit: 'coast-delegation' },
    ...(!given.staffNumber && { email: `${randomUUID()}@demo.palier` }),
    ...given,
    invite: false,
  })
  hash ??= hashPassword(password)
  const set = { passwordHash: await hash, status: 'active' } as const
  await PersonModel.updateOne({ _id: person._id }, { $set: set })
  return person._id
}

/** Two accounts of one person. */
export async function twins(): Promise<{ kept: Id; lost: Id }> {
  const familyName = `Twin${randomUUID().slice(0, 8)}`
  const [kept, lost] = [await somebodyNew({ familyName }), await somebodyNew({ familyName })]
  return { kept, lost }
}

/** A course of two steps that somebody does by reporting. */
export const twoSteps = (overrides: Partial<Course> = {}): Promise<Course> =>
  storeCourse({
    activities: [1, 2].map(() => buildStep({ kind: 'package', criterion: 'completed' })),
    ...overrides,
  })

/** Enrols somebody who does the first steps of a course, so many of them. */
export async function takesPart(person: Id, course: Course, steps: number): Promise<void> {
  const { enrolment } = await enrol(system, course, { person })
  for (const step of course.activities.slice(0, steps)) {
    const attempt = await openAttempt(enrolment, step)
    await recordProgress(attempt._id, buildProgress({ completion: 'completed' }))
  }
}

/** Somebody begins a step of a course and leaves it open. */
export async function begins(person: Id, course: Course, step: number): Promise<Id> {
  const { enrolment } = await enrol(system, course, { person })
  const activity = course.activities[step]
  if (!activity) throw new Error('no such step')
  const attempt = await openAttempt(enrolment, activity)
  await recordProgress(attempt._id, buildProgress())
  return attempt._id
}

export const attemptsOf = (person: Id, course: Course) =>
  AttemptModel.find({ person, course: course._id })
    .sort({ activity: 1, cycle: 1, number: 1 })
    .lean()

/** What somebody else judged of a person. */
export const judged = (person: Id, competency: string, level: number): Promise<void> =>
  addEvidence({
    _id: randomUUID(),
    person,
    competency,
    level,
    kind: 'appraisal',
    source: 'competencies:appraisal',
    sourceId: randomUUID(),
    about: '',
    at: now(),
    assurance: 'witnessed',
  })
