import { z } from 'zod'
import { pageOf } from '../../http/lists.js'
import { states } from './learner-forms.js'
import { activityKinds, criteria, enrolmentStatuses, stuckSigns } from './models.js'

const at = z.iso.datetime()
const named = z.object({ id: z.string(), name: z.string() })
const titled = z.object({ id: z.string(), title: z.string() })

export const enrolmentShown = z.object({
  id: z.string(),
  person: z.string(),
  course: z.string(),
  status: z.enum(enrolmentStatuses),
  /** The status, and once active whether it was begun. */
  state: z.enum(states),
  overdue: z.boolean(),
  /** By what one sees that the person is stuck. */
  signs: z.array(z.enum(stuckSigns)),
  cycle: z.number().int(),
  enrolledAt: at,
  dueAt: at.nullable(),
  startedAt: at.nullable(),
  lastAt: at.nullable(),
  completedAt: at.nullable(),
})

const score = z.object({
  scaled: z.number().optional(),
  raw: z.number().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
})

export const stepStanding = titled.extend({
  kind: z.enum(activityKinds),
  required: z.boolean(),
  minutes: z.number().nullable(),
  status: z.enum(['not-started', 'in-progress', 'completed', 'passed', 'failed']),
  score: score.nullable(),
  scoreText: z.string().nullable(),
  time: z.string(),
  seconds: z.number(),
  savedAt: at.nullable(),
  criterion: z.object({
    kind: z.enum(criteria),
    source: z.enum(['page', 'learner', 'content']),
    met: z.boolean(),
    metAt: at.nullable(),
  }),
  why: z.string(),
})

export const standingShown = z.object({
  enrolment: enrolmentShown.nullable(),
  activities: z.array(stepStanding),
  completed: z.boolean(),
  /** Of the steps that decide. */
  stepsDone: z.number().int(),
  stepsTotal: z.number().int(),
  time: z.string(),
  seconds: z.number(),
  /** The step to continue with. */
  goOn: z.string().nullable(),
  why: z.string(),
})

const course = titled.extend({ language: z.string() })

export const progressLine = standingShown.extend({ person: named })

/** One person's progress on top; below, a page of the people in the course whom the actor may see. */
export const progressShown = standingShown.extend({
  course,
  person: named.nullable(),
  own: z.boolean(),
  ...pageOf(progressLine).shape,
})

export const participantLine = z.object({
  person: named.extend({ unit: z.string().nullable() }),
  enrolment: enrolmentShown,
  stepsDone: z.number().int(),
  stepsTotal: z.number().int(),
  scoreText: z.string().nullable(),
  mayDecide: z.boolean(),
})

const count = z.number().int()
export const counts = z.object({
  enrolled: count,
  notStarted: count,
  inProgress: count,
  completed: count,
  requested: count,
  overdue: count,
})

/** The attempts of one person: of each step that was begun, the one that is open. */
export const attemptsShown = z.object({
  enrolment: z.string(),
  person: named,
  steps: z.array(
    titled.extend({
      number: z.number().int(),
      /** Before something was done in the last one there is no need of another. */
      begun: z.boolean(),
      done: z.boolean(),
      /** The attempts that were given, the latest first, by whom and why. */
      given: z.array(
        z.object({ number: z.number().int(), by: z.string(), at, reason: z.string() }),
      ),
    }),
  ),
})

export const participantsShown = pageOf(participantLine).extend({
  course,
  counts,
  attempts: attemptsShown.nullable(),
  /** Whether the reader may write to them. */
  writes: z.boolean(),
})

const learnStep = titled.extend({ done: z.boolean(), current: z.boolean() })

/** An activity before its learner. For a package: where it is launched, for which attempt, by which token. */
export const learnShown = z.object({
  view: z.templateLiteral([z.string(), ':', z.string()]),
  title: z.string(),
  kind: z.enum(activityKinds),
  course,
  activity: z.string(),
  attempt: z.string(),
  token: z.string().nullable(),
  launchUrl: z.string().nullable(),
  preview: z.boolean(),
  player: z.record(z.string(), z.unknown()).nullable(),
  text: z.string().nullable(),
  file: z
    .object({ name: z.string(), size: z.number(), href: z.string(), inline: z.boolean() })
    .nullable(),
  transcript: z.string().nullable(),
  minutes: z.number().nullable(),
  criterion: z.enum(criteria),
  done: z.boolean(),
  savedAt: at.nullable(),
  why: z.string(),
  steps: z.array(learnStep),
  previous: titled.nullable(),
  next: titled.nullable(),
})

export const enrolledShown = z.object({ enrolments: z.array(enrolmentShown) })

export const attemptShown = z.object({ attempt: z.string(), number: z.number().int() })

const myCourse = z.object({
  course,
  enrolment: enrolmentShown,
  stepsDone: z.number().int(),
  stepsTotal: z.number().int(),
  goOn: titled.nullable(),
})

export const myLearningShown = z.object({
  underWay: z.array(myCourse),
  requested: z.array(myCourse),
  completed: z.array(myCourse),
})

export const overviewLine = z.object({
  person: named.extend({ unit: z.string().nullable(), email: z.string().nullable() }),
  enrolments: z.array(
    z.object({
      course,
      enrolment: enrolmentShown,
      stepsDone: z.number().int(),
      stepsTotal: z.number().int(),
    }),
  ),
})

export const overviewShown = pageOf(overviewLine).extend({
  totals: counts,
  byCourse: z.array(course.extend(counts.shape)),
  byUnit: z.array(named.extend(counts.shape)),
  people: count,
  units: z.array(z.object({ value: z.string(), label: z.string() })),
  courses: z.array(z.object({ value: z.string(), label: z.string() })),
})
