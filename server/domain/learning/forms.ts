import { z } from 'zod'
import { listQuery, sortOf } from '../../http/lists.js'
import { languages } from '../../platform/i18n.js'
import { activityKinds, criteria, type ActivityKind, type Criterion } from './models.js'

const id = z.uuid().optional()
const reference = z.string().min(1).max(100)
const title = z.string().trim().min(1).max(200)
const summary = z.string().trim().max(2000)
const text = z.string().trim().max(60_000)

/** A form says it in words, a program outright. */
export const flag = z.union([z.boolean(), z.stringbool()])

/** A form's boxes send one text or several, and an empty one so that none is said as well. */
const several = z.preprocess(
  (sent) => (Array.isArray(sent) ? sent : [sent]).filter((one) => one !== ''),
  z.array(reference).max(100),
)

/** Words between commas, or a list of them. */
const keywords = z.preprocess(
  (sent) =>
    (Array.isArray(sent) ? sent : [sent])
      .flatMap((one) => (typeof one === 'string' ? one.split(',') : [one]))
      .map((one: unknown) => (typeof one === 'string' ? one.trim() : one))
      .filter((one) => one !== ''),
  z.array(z.string().max(60)).max(20),
)

/** A competency and the level that supports it. */
export const outcome = z.strictObject({
  competency: reference,
  level: z.coerce.number().int().min(1).max(5),
})

/** A row of a form without a competency says nothing. */
const outcomes = z.preprocess(
  (sent) =>
    Array.isArray(sent)
      ? sent.filter((row: unknown) => (row as { competency?: unknown } | null)?.competency !== '')
      : sent,
  z.array(outcome).max(12),
)

const enrolment = z
  .object({ rule: z.enum(['open', 'approval', 'unit']), units: several.optional() })
  .transform(({ rule, units }) =>
    rule === 'unit' ? ({ rule, units: units ?? [] } as const) : ({ rule } as const),
  )

export const newCourseForm = z.strictObject({
  id,
  title,
  language: z.enum(languages),
  summary: summary.optional(),
  keywords: keywords.optional(),
  outcomes: outcomes.optional(),
  unit: reference.optional(),
})

export const copyForm = newCourseForm.pick({ id: true, title: true, unit: true })

export const courseForm = z.strictObject({
  title: title.optional(),
  language: z.enum(languages).optional(),
  summary: summary.optional(),
  keywords: keywords.optional(),
  outcomes: outcomes.optional(),
  prerequisites: several.optional(),
  enrolment: enrolment.optional(),
  attempt: z.enum(['best', 'last', 'first']).optional(),
  trainers: several.optional(),
})

/** What may make an activity of each kind done; the first is what it is where nothing is said. */
export const criteriaOf: Readonly<Record<ActivityKind, readonly [Criterion, ...Criterion[]]>> = {
  package: ['completed', 'passed', 'viewed'],
  page: ['confirmed', 'viewed'],
  file: ['viewed', 'confirmed'],
  video: ['confirmed', 'viewed'],
  discussion: ['confirmed', 'viewed'],
}

const minutes = z.coerce.number().int().min(1).max(6000)

const activity = {
  title: title.optional(),
  criterion: z.enum(criteria).optional(),
  required: flag.optional(),
  minutes: minutes.optional(),
  text: text.optional(),
  transcript: text.optional(),
}

const fits = (kind: ActivityKind, criterion: Criterion | undefined): boolean =>
  criterion === undefined || criteriaOf[kind].includes(criterion)

/** A package is named by what it says of itself, a file by its name; the other kinds want a title. */
export const newActivityForm = z
  .strictObject({ id, kind: z.enum(activityKinds).default('package'), ...activity })
  .superRefine(({ kind, title: named, text: written, transcript, criterion }, context) => {
    const written_ = kind === 'page' || kind === 'discussion'
    const missing = {
      title: !named && kind !== 'package' && kind !== 'file',
      text: written_ && !written,
      transcript: kind === 'video' && !transcript,
    }
    for (const [path, isMissing] of Object.entries(missing))
      if (isMissing)
        context.addIssue({ code: 'custom', path: [path], message: 'core:field-required' })
    if (!fits(kind, criterion))
      context.addIssue({ code: 'custom', path: ['criterion'], message: 'learning:criterion-unfit' })
  })

export const activityForm = z.strictObject(activity)

/** Who is in the middle of the package before: on it to the end, or all from the beginning on the new one. */
export const replacements = ['new-attempts', 'everyone'] as const

export const replacePackageForm = z.strictObject({
  id,
  restart: z.enum(replacements).default('new-attempts'),
})

export const moveForm = z.strictObject({ direction: z.enum(['up', 'down']) })

export const nothing = z.strictObject({})

/** A filter left empty filters nothing. */
const empty = z.literal('').transform(() => undefined)

export const durations = ['short', 'medium', 'long'] as const
export const myStates = ['new', 'requested', 'active', 'completed', 'written'] as const

/** Orders of the catalogue. */
export const catalogueOrders = {
  title: { title: 1, _id: 1 },
  published: { publishedAt: 1, _id: 1 },
} as const

export const catalogueQuery = listQuery.extend({
  sort: sortOf(catalogueOrders),
  competency: empty.or(reference).optional(),
  language: empty.or(z.enum(languages)).optional(),
  duration: empty.or(z.enum(durations)).optional(),
  mine: empty.or(z.enum(myStates)).optional(),
})

export const newActivityQuery = z.object({ kind: z.enum(activityKinds).optional() })
