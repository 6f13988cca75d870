import { randomUUID } from 'node:crypto'
import {
  CourseModel,
  type Activity,
  type Course,
} from '../../../../server/domain/learning/models.js'
import type { Progress } from '../../../../server/domain/learning/contract.js'
import { personByEmail } from '../../../../server/domain/people/people.js'
import type { Id } from '../../../../server/kernel/contract.js'
import { now } from '../../../../server/platform/clock.js'

/** A step, a page to be marked as done unless told otherwise. */
export const buildStep = (overrides: Partial<Activity> = {}): Activity => ({
  id: `step-${randomUUID()}`,
  kind: 'page',
  title: 'A page',
  criterion: 'confirmed',
  required: true,
  text: 'Read **this**.',
  ...overrides,
})

/** A published, open course of the demo institute with one page, stored. */
export async function storeCourse(overrides: Partial<Course> = {}): Promise<Course> {
  const course: Course = {
    _id: `course-${randomUUID()}`,
    title: 'Customer service at the counter',
    language: 'en',
    summary: '',
    keywords: [],
    status: 'published',
    version: 1,
    unit: 'ispm',
    units: ['ispm'],
    trainers: [],
    outcomes: [{ competency: 'managerial:customer-service', level: 4 }],
    prerequisites: [],
    enrolment: { rule: 'open' },
    attempt: 'best',
    activities: [buildStep()],
    minutes: 0,
    words: [],
    enrolled: 0,
    completed: 0,
    counts: 0,
    revision: 0,
    createdAt: now(),
    ...overrides,
  }
  await CourseModel.create(course)
  return course
}

/** A report of some content: begun, unless told otherwise. */
export const buildProgress = (overrides: Partial<Progress> = {}): Progress => ({
  completion: 'incomplete',
  success: 'unknown',
  seconds: 10,
  savedAt: now(),
  assurance: 'declared',
  ...overrides,
})

/** The id of a demo account: `manager`, `learner`, … */
export async function idOf(role: string): Promise<Id> {
  const person = await personByEmail(`${role}@demo.palier`)
  if (!person) throw new Error(`the demo has no ${role}`)
  return person._id
}

/** Waits until something holds, for what the process does after it has answered. */
export async function eventually(
  check: () => Promise<boolean>,
  { within = 5_000, what = 'it' } = {},
): Promise<void> {
  const until = Date.now() + within
  while (!(await check())) {
    if (Date.now() > until) throw new Error(`${what} did not happen in time`)
    await new Promise((done) => setTimeout(done, 30))
  }
}
