import { readDemo, type Demo } from '../../../content/demo/demo.js'
import type { Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import type { Invented, Seed } from '../../platform/seeds.js'
import { activityProgress, resultOf } from './completing.js'
import type { Progress } from './contract.js'
import { countEnrolled } from './counting.js'
import { stepsOf } from './courses.js'
import { enrolmentId } from './enrolments.js'
import {
  AttemptModel,
  CompletionModel,
  CourseModel,
  EnrolmentModel,
  type Activity,
  type ActivityProgress,
  type Attempt,
  type Completion,
  type Course,
  type Enrolment,
} from './models.js'

const day = 86_400_000
type Source = Demo['enrolments'][number]

/** Who takes part in the demo institution's courses, and how far they have come. Nobody is told: it was long ago. */
export const demoEnrolments: Seed = {
  id: 'learning:enrolments-demo',
  crowd: enrolCrowd,
  async run() {
    const demo = readDemo()
    const stored = await CourseModel.find({}).lean<Course[]>()
    const courses = new Map(stored.map((course) => [course._id, course]))
    const taken = demo.enrolments.flatMap((source) => {
      const course = courses.get(source.course)
      return course ? [takenFrom(source, course)] : []
    })
    if (!(await addMissing(taken))) return
    for (const course of new Set(taken.map(({ enrolment }) => enrolment.course))) {
      await countEnrolled(course)
    }
  },
}

const perPerson = 3

/** Three courses of the demo for each of invented people: completed, under way, or just begun. */
async function enrolCrowd(people: readonly Invented[]): Promise<void> {
  const courses = await CourseModel.find({ status: 'published' }).sort({ _id: 1 }).lean<Course[]>()
  const taken = people.flatMap((one) =>
    Array.from({ length: Math.min(perPerson, courses.length) }, (_, at) => {
      const course = courses[(one.number + at) % courses.length] as Course
      return takenFrom(inventedSource(one, course), course)
    }),
  )
  if (!(await addMissing(taken))) return
  await CourseModel.bulkWrite(
    courses.map(({ _id }) => {
      const own = taken.filter(({ enrolment }) => enrolment.course === _id)
      const completed = own.filter(({ completion }) => completion).length
      const update = { $inc: { enrolled: own.length, completed, counts: 1 } }
      return { updateOne: { filter: { _id }, update } }
    }),
  )
}

function inventedSource({ id, number }: Invented, course: Course): Source {
  const done = number % 3
  const begun = stepsOf(course).slice(0, done === 0 ? undefined : done - 1)
  return {
    id: `${id}-${course._id}`,
    person: id,
    course: course._id,
    status: done === 0 ? 'completed' : 'active',
    enrolledDaysAgo: 60 + (number % 300),
    progress: begun.map((activity) => ({
      activity: activity.id,
      status: 'completed',
      daysAgo: 1 + (number % 50),
      minutes: 10 + (number % 40),
    })),
  }
}

interface Taken {
  readonly enrolment: Enrolment
  readonly attempts: readonly Attempt[]
  readonly completion: Completion | undefined
}

async function addMissing(taken: readonly Taken[]): Promise<boolean> {
  const ids = taken.map(({ enrolment }) => enrolment._id)
  const known = await EnrolmentModel.find({ _id: { $in: ids } }, { _id: 1 }).lean<{ _id: Id }[]>()
  const there = new Set(known.map(({ _id }) => _id))
  const missing = taken.filter(({ enrolment }) => !there.has(enrolment._id))
  await AttemptModel.bulkWrite(upserts(missing.flatMap(({ attempts }) => attempts)))
  await CompletionModel.bulkWrite(upserts(missing.flatMap(({ completion }) => completion ?? [])))
  await EnrolmentModel.insertMany(missing.map(({ enrolment }) => enrolment))
  return missing.length > 0
}

/** The enrolments come last and say that all is there; what a broken run left before is not added twice. */
const upserts = (documents: readonly { readonly _id: Id }[]) =>
  documents.map((one) => ({
    updateOne: { filter: { _id: one._id }, update: { $setOnInsert: one }, upsert: true },
  })) as never[]

function takenFrom(source: Source, course: Course): Taken {
  const base = baseOf(source)
  const attempts = source.progress.flatMap((done) => {
    const activity = course.activities.find(({ id }) => id === done.activity)
    return activity ? [attemptFrom(base, activity, done)] : []
  })
  const progress = progressOf(course, attempts)
  const enrolment = { ...base, ...seen(attempts), activities: progress }
  if (source.status !== 'completed') return { enrolment, attempts, completion: undefined }
  const completion = completionFrom(enrolment, course)
  return { enrolment: { ...enrolment, completedAt: completion.at }, attempts, completion }
}

function baseOf(source: Source): Enrolment {
  const { person, course, status, enrolledDaysAgo, enrolledBy = person, dueInDays } = source
  return {
    _id: enrolmentId(person, course),
    person,
    course,
    status,
    cycle: 1,
    enrolledAt: daysAgo(enrolledDaysAgo),
    enrolledBy,
    ...(dueInDays !== undefined && { dueAt: daysAgo(-dueInDays) }),
    activities: {},
    revision: 0,
  }
}

function attemptFrom(
  { _id: enrolment, person, course }: Enrolment,
  { id, version, kind }: Activity,
  { status, daysAgo: ago, minutes }: Source['progress'][number],
): Attempt {
  const completed = status === 'completed'
  const progress: Progress = {
    completion: completed ? 'completed' : 'incomplete',
    success: completed && kind === 'package' ? 'passed' : 'unknown',
    ...(completed && kind === 'package' && { score: { scaled: 0.7 + (minutes % 6) / 20 } }),
    seconds: minutes * 60,
    savedAt: daysAgo(ago),
    assurance: 'declared',
  }
  return {
    _id: `${person}|${id}|1|1`,
    person,
    course,
    activity: id,
    enrolment,
    cycle: 1,
    number: 1,
    ...(version && { version }),
    status: 'open',
    openedAt: new Date(Number(daysAgo(ago)) - minutes * 60_000),
    progress,
    revision: 0,
  }
}

const progressOf = (
  course: Course,
  attempts: readonly Attempt[],
): Readonly<Record<Id, ActivityProgress>> =>
  Object.fromEntries(
    course.activities.flatMap((activity) => {
      const own = attempts.filter((attempt) => attempt.activity === activity.id)
      const progress = activityProgress(activity, own, { rule: course.attempt })
      return progress ? [[activity.id, progress]] : []
    }),
  )

function seen(attempts: readonly Attempt[]): Pick<Enrolment, 'startedAt' | 'lastAt'> {
  const times = attempts.map(({ progress }) => Number(progress?.savedAt))
  if (times.length === 0) return {}
  return { startedAt: new Date(Math.min(...times)), lastAt: new Date(Math.max(...times)) }
}

const completionFrom = ({ _id, person, activities }: Enrolment, course: Course): Completion => ({
  _id: `${_id}|1`,
  person,
  course: course._id,
  enrolment: _id,
  cycle: 1,
  courseVersion: course.version,
  title: course.title,
  outcomes: course.outcomes,
  ...resultOf(stepsOf(course), activities),
  revision: 0,
})

const daysAgo = (count: number): Date => new Date(Number(now()) - count * day)
