import { z } from 'zod'
import { pageOf } from '../../http/lists.js'
import { languages } from '../../platform/i18n.js'
import { standingShown } from './learner-shown.js'
import { activityKinds, courseStatuses, criteria, enrolmentStatuses } from './models.js'

const at = z.iso.datetime()
const named = z.object({ id: z.string(), name: z.string() })
const choice = z.object({ value: z.string(), label: z.string() })
const choices = z.array(choice)

const outcomeShown = z.object({
  competency: z.string(),
  /** What it is called, in the reader's language. */
  title: z.string(),
  level: z.number().int(),
  levelName: z.string(),
})

/** A course as lists show one. */
export const courseLine = z.object({
  id: z.string(),
  title: z.string(),
  language: z.enum(languages),
  summary: z.string(),
  status: z.enum(courseStatuses),
  version: z.number().int(),
  outcomes: z.array(outcomeShown),
  minutes: z.number().int(),
  steps: z.number().int(),
  enrolled: z.number().int(),
  /** The reader's own enrolment. */
  mine: z.enum(enrolmentStatuses).nullable(),
})

export const catalogueShown = pageOf(courseLine).extend({
  competencies: z.array(choice.extend({ group: z.string() })),
  writes: z.boolean(),
})

/** An activity as a course's page lists it. */
const step = z.object({
  id: z.string(),
  kind: z.enum(activityKinds),
  title: z.string(),
  required: z.boolean(),
  criterion: z.enum(criteria),
  minutes: z.number().int().nullable(),
})

export const courseCopyShown = z.object({
  /** The unit whose course it is. */
  unit: z.string(),
  course: z.object({ id: z.string(), title: z.string(), language: z.string() }),
  units: choices,
})

export const courseShown = courseLine.extend({
  keywords: z.array(z.string()),
  unit: named,
  trainers: z.array(named),
  prerequisites: z.array(z.object({ id: z.string(), title: z.string() })),
  enrolment: z.object({ rule: z.string(), units: z.array(named) }),
  attempt: z.string(),
  activities: z.array(step),
  /** How far the reader has come. */
  standing: standingShown,
  /** The institutions besides the reader's own that see who takes part, and how. */
  seenBy: z.array(named),
  /** Whether the reader follows how others come on. */
  follows: z.boolean(),
  publishedAt: at.nullable(),
  writes: z.boolean(),
})

export const courseEditShown = courseShown.extend({
  obstacles: z.array(z.string()),
  advice: z.array(z.string()),
  competencies: z.array(choice.extend({ group: z.string() })),
  courses: choices,
  units: choices,
  people: choices,
})

export const newCourseShown = z.object({ units: choices })

export const reportShown = z.object({
  standard: z.string(),
  title: z.string(),
  items: z.array(
    z.object({
      title: z.string(),
      depth: z.number().int(),
      launch: z.string().optional(),
      masteryScore: z.number().optional(),
    }),
  ),
  launchFiles: z.array(z.string()),
  files: z.number().int(),
  bytes: z.number(),
  warnings: z.array(z.object({ code: z.string(), detail: z.string() })),
})

const activity = step.extend({
  text: z.string().nullable(),
  transcript: z.string().nullable(),
  file: z.object({ name: z.string(), size: z.number(), type: z.string() }).nullable(),
  version: z.string().nullable(),
  retired: z.boolean(),
})

export const activityCreated = z.object({
  id: z.string(),
  activity,
  report: reportShown.nullable(),
})

export const courseName = z.object({
  id: z.string(),
  title: z.string(),
  status: z.enum(courseStatuses),
})

export const activityShown = activityCreated.extend({
  course: courseName,
  criteria: z.array(z.enum(criteria)),
  /** How many have begun the package in use and not done it. */
  inTheMiddle: z.number().int(),
  versions: z.array(
    z.object({
      number: z.number().int(),
      name: z.string(),
      at,
      by: z.string(),
      current: z.boolean(),
    }),
  ),
})

export const newActivityShown = z.object({
  course: courseName,
  kind: z.enum(activityKinds),
  criteria: z.array(z.enum(criteria)),
  maxMegabytes: z.number().int(),
})
