import { z } from 'zod'
import { pageOf } from '../../http/lists.js'
import { altitudes } from '../organisation/positions.js'
import { obligationStatuses } from './models.js'

const at = z.iso.datetime()
const count = z.number().int()
const named = z.object({ id: z.string(), name: z.string() })
const titled = z.object({ id: z.string(), title: z.string() })
const course = titled.extend({ language: z.string() })
const choices = z.array(z.object({ value: z.string(), label: z.string() }))

/** Who did something, and for whom as a deputy. */
export const doer = z.object({ name: z.string(), actedFor: z.string().nullable() })

export const counts = z.object({
  people: count,
  open: count,
  late: count,
  met: count,
  exempt: count,
})

export const assignmentShown = z.object({
  id: z.string(),
  course,
  audience: z.object({
    unit: named.nullable(),
    people: z.array(named),
    posts: z.array(titled),
    altitude: z.enum(altitudes).nullable(),
    manager: named.nullable(),
  }),
  /** A day for everybody, a moment, or so many days after one arrives. */
  due: z
    .union([z.object({ day: z.iso.date() }), z.object({ at }), z.object({ days: count })])
    .nullable(),
  months: count.nullable(),
  by: doer,
  at,
  endedAt: at.nullable(),
  counts,
})

/** How many assignments a copy was given. */
export const repeatedShown = z.object({ course: z.string(), assignments: z.number().int() })

export const assignmentsShown = pageOf(assignmentShown).extend({ units: choices, courses: choices })

/** What one person owes of a course. */
export const obligationShown = z.object({
  id: z.string(),
  person: named.extend({ unit: z.string().nullable() }),
  course,
  status: z.enum(obligationStatuses),
  late: z.boolean(),
  cycle: count,
  dueAt: at.nullable(),
  completedAt: at.nullable(),
  /** Somebody asked for a reminder that waits for a working hour. */
  asked: z.boolean(),
  /** The last day on which the person was reminded, where the person lives. */
  remindedOn: z.iso.date().nullable(),
})

export const assignmentPageShown = assignmentShown.extend({
  ...pageOf(obligationShown).shape,
})

export const newUnitAssignmentShown = z.object({
  unit: named,
  /** The units the actor may assign to, this one among them. */
  units: choices,
  courses: choices,
  posts: choices,
})

export const newPersonAssignmentShown = z.object({ person: named, courses: choices })

export const exemptionShown = z.object({
  reason: z.string(),
  by: doer,
  at,
  until: at.nullable(),
})

/** What one person owes of a course, why, and what came of it before. */
export const obligationPageShown = obligationShown.extend({
  assignments: z.array(assignmentShown.omit({ counts: true })),
  exemption: exemptionShown.nullable(),
  completions: z.array(z.object({ cycle: count, at })),
})

export const lateShown = pageOf(obligationShown).extend({ units: choices, courses: choices })

/** A course in somebody's hands: owed, or begun without. */
const teamCourse = z.object({
  /** The enrolment's, and the obligation's. */
  id: z.string(),
  course,
  owed: z.boolean(),
  dueAt: at.nullable(),
  late: z.boolean(),
  begun: z.boolean(),
  stepsDone: count,
  stepsTotal: count,
  asked: z.boolean(),
  remindedOn: z.iso.date().nullable(),
})

export const teamLine = z.object({
  person: named.extend({ post: z.string().nullable() }),
  /** The line manager for whom the actor looks after them. */
  actedFor: z.string().nullable(),
  courses: z.array(teamCourse),
  requests: z.array(z.object({ id: z.string(), course, at })),
  /** The widest gaps against the post. */
  gaps: z.array(z.object({ title: z.string(), level: count, target: count })),
})

export const teamShown = pageOf(teamLine).extend({
  /** For whom the actor acts today, and until which day. */
  acting: z.array(z.object({ name: z.string(), to: at })),
  absences: z.array(z.object({ id: z.string(), deputy: z.string(), from: at, to: at })),
  /** Whether the actor has reports, and so may have a deputy. */
  leads: z.boolean(),
  choices,
})
