import { z } from 'zod'
import { listQuery, sortOf } from '../../http/lists.js'
import { emailField, languageField, staffNumberField, timeZoneField } from '../people/forms.js'
import { newPassword } from '../people/passwords/passwords.js'
import { grantableRoles } from '../people/roles.js'
import { altitudes, unitKinds } from './models.js'

const id = z.uuid().optional()
const text = z.string().trim().min(1).max(200)
const reference = z.string().min(1).max(100)

/** A day from a date field, at its start; or a moment, from programs. */
const day = z.union([z.iso.date(), z.iso.datetime()]).transform((said) => new Date(said))

/** A box of a form sends `true` or nothing; a program sends a boolean. */
const ticked = z.union([z.boolean(), z.literal('true').transform(() => true)]).default(false)

/** A filter left empty filters nothing. */
const empty = z.literal('').transform(() => undefined)

/** Orders of the directory. */
export const directoryOrders = {
  name: { familyName: 1, _id: 1 },
  email: { email: 1, _id: 1 },
} as const

export const directoryQuery = listQuery.extend({
  sort: sortOf(directoryOrders),
  unit: empty.or(reference).optional(),
  status: empty.or(z.enum(['active', 'invited', 'deactivated'])).optional(),
})

export const newPersonForm = z
  .strictObject({
    id,
    givenName: text,
    familyName: text,
    email: emailField.optional(),
    staffNumber: staffNumberField.optional(),
    language: languageField.default('en'),
    timeZone: timeZoneField.optional(),
    unit: reference,
    invite: ticked,
  })
  .refine(({ email, staffNumber }) => email !== undefined || staffNumber !== undefined, {
    path: ['email'],
    error: 'people:account-missing',
  })

export const personEditForm = z.strictObject({
  givenName: text.optional(),
  familyName: text.optional(),
  email: emailField.optional(),
  staffNumber: staffNumberField.optional(),
  language: languageField.optional(),
  timeZone: timeZoneField.optional(),
  status: z.enum(['active', 'invited', 'deactivated']).optional(),
  unit: reference.optional(),
})

export const newUnitForm = z.strictObject({
  id,
  name: text,
  kind: z.enum(unitKinds),
  parent: reference,
})

export const renameForm = z.strictObject({ name: text })

/** Orders of posts. */
export const postOrders = {
  title: { title: 1, _id: 1 },
  altitude: { altitude: 1, title: 1, _id: 1 },
} as const

export const postQuery = listQuery.extend({
  sort: sortOf(postOrders),
  unit: empty.or(reference).optional(),
})

const profile = z.strictObject({
  framework: reference,
  targets: z.record(z.string().max(100), z.coerce.number().int().min(1).max(5)),
})

export const postForm = z.strictObject({
  title: text,
  altitude: z.enum(altitudes),
  reportsTo: reference.optional(),
  profile: profile.optional(),
})

export const newPostForm = postForm.extend({ id, unit: reference })

export const holderForm = z.strictObject({
  person: reference,
  as: z.enum(['holder', 'deputy']).default('holder'),
  from: day.optional(),
  to: day.optional(),
})

export const vacateForm = z.strictObject({ person: reference, to: day.optional() })

export const roleForm = z.strictObject({
  id,
  person: reference,
  role: z.enum(grantableRoles),
  unit: reference,
  from: day.optional(),
  to: day.optional(),
})

/** What the very first visitor with the printed link says. */
export const foundingForm = z.strictObject({
  institution: text,
  givenName: text,
  familyName: text,
  email: emailField,
  password: newPassword,
  language: languageField.default('en'),
})

const restDay = z.coerce.number().int().min(0).max(6)
const holiday = z.strictObject({ day: z.iso.date(), name: z.string().trim().max(100).default('') })

/** A form has one holiday a line, `2026-12-25 Christmas`; a program sends a list. */
const holidays = z.preprocess(
  (sent) =>
    typeof sent === 'string'
      ? sent
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== '')
          .map((line) => ({ day: line.slice(0, 10), name: line.slice(10) }))
      : sent,
  z.array(holiday, { error: 'organisation:holiday-unreadable' }).max(1000),
)

/** Boxes that are all left empty are not sent. */
export const calendarForm = z.strictObject({
  restDays: z.union([restDay.transform((one) => [one]), z.array(restDay).max(7)]).default([]),
  holidays: holidays.default([]),
})

export const nothing = z.strictObject({})
