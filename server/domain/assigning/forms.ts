import { z } from 'zod'
import { listQuery, sortOf } from '../../http/lists.js'
import { altitudes } from '../organisation/positions.js'

const reference = z.string().min(1).max(200)

const mostAtOnce = 500

/** A page sends a line a person, a program a list; by id, address, staff number or whole name. */
const people = z
  .union([
    z
      .string()
      .max(100 * mostAtOnce)
      .transform((text) => text.split(/[\r\n;]+/).filter((line) => line.trim() !== ''))
      .pipe(z.array(z.string()).min(1).max(mostAtOnce)),
    z.array(reference).min(1).max(mostAtOnce),
  ])
  .optional()

/** A form's boxes send one text or several. */
const several = z
  .union([reference.transform((one) => [one]), z.array(reference).min(1).max(mostAtOnce)])
  .optional()

const due = z.union([
  z.iso.date().transform((day) => ({ day })),
  z.iso.datetime().transform((at) => ({ at: new Date(at) })),
])

const what = {
  id: z.uuid().optional(),
  course: reference,
  /** A day, until its end where each person lives; or a moment, from programs. */
  due: due.optional(),
  /** Instead of a date: so many days after one arrives. */
  days: z.coerce.number().int().min(1).max(1000).optional(),
  /** To be completed again after so many months. */
  months: z.coerce.number().int().min(1).max(120).optional(),
}

const notTwice = (form: { due?: unknown; days?: unknown }): boolean =>
  form.due === undefined || form.days === undefined
const twice = { path: ['days'], message: 'assigning:due-twice' }

export const unitAssignmentForm = z
  .strictObject({
    ...what,
    people,
    posts: several,
    altitude: z.enum(altitudes).optional(),
  })
  .refine(notTwice, twice)

export const personAssignmentForm = z.strictObject(what).refine(notTwice, twice)

export type UnitAssignmentForm = z.infer<typeof unitAssignmentForm>
export type PersonAssignmentForm = z.infer<typeof personAssignmentForm>

/** Of a course's copy: assigned as the course it was made of, each date so many days later. */
export const repeatForm = z.strictObject({
  days: z.coerce.number().int().min(-1000).max(1000).default(0),
})

export const nothing = z.strictObject({})

/** A filter left empty filters nothing. */
const empty = z.literal('').transform(() => undefined)

/** Orders of assignments. */
export const assignmentOrders = { at: { at: 1, _id: -1 } } as const

export const assignmentsQuery = listQuery.extend({
  sort: sortOf(assignmentOrders),
  unit: empty.or(reference).optional(),
  course: empty.or(reference).optional(),
})

export type AssignmentsQuery = z.infer<typeof assignmentsQuery>

export const exemptionForm = z.strictObject({
  reason: z.string().trim().min(3).max(500),
  /** The last day on which the person need not; without it, for good. */
  until: z.iso.date().optional(),
})

/** Orders of what people owe. */
export const obligationOrders = { due: { dueAt: 1, _id: 1 } } as const

export const obligationsQuery = listQuery.extend({ sort: sortOf(obligationOrders) })

export type ObligationsQuery = z.infer<typeof obligationsQuery>

export const lateQuery = listQuery.extend({
  sort: sortOf(obligationOrders),
  unit: empty.or(reference).optional(),
  course: empty.or(reference).optional(),
})

export type LateQuery = z.infer<typeof lateQuery>

/** Orders of a team. */
export const teamOrders = { name: { familyName: 1, _id: 1 } } as const

export const teamQuery = listQuery.extend({ sort: sortOf(teamOrders) })

export type TeamQuery = z.infer<typeof teamQuery>

const date = z.union([z.iso.date(), z.iso.datetime()]).transform((said) => new Date(said))

export const absenceForm = z.strictObject({
  id: z.uuid().optional(),
  deputy: reference,
  /** The first and the last day. */
  from: date.optional(),
  to: date,
})
