import { z } from 'zod'
import { altitude, translated } from '../framework/schema.js'

const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
const version = z.string().regex(/^\d+\.\d+$/)
const heading = { id: slug, version, title: translated, description: translated }

/** Answers on offer, from 1 to 5, then the one that does not count. */
function ratingScale<Uncounted extends string>(uncounted: Uncounted) {
  return z
    .array(
      z.strictObject({
        value: z.union([z.int().min(1).max(5), z.literal(uncounted)]),
        label: translated,
        description: translated,
      }),
    )
    .length(6)
}

const openQuestion = z.strictObject({ id: slug, text: translated, hint: translated.optional() })

const section = z.strictObject({ competency: slug, items: z.array(slug).min(1) })

const form = { altitude, minutes: z.int().positive(), sections: z.array(section).min(1) }

/**
 * The 360° questionnaire: one form per altitude, whose items are ids of framework behaviours. A
 * rating from 1 to 5 is the level seen; `not-observed` counts for nothing.
 */
export const questionnaireSource = z.strictObject({
  ...heading,
  framework: slug,
  privacy: translated,
  instructions: z.strictObject({
    self: translated,
    manager: translated,
    peer: translated,
    report: translated,
    external: translated,
  }),
  ratingScale: ratingScale('not-observed'),
  forms: z.array(z.strictObject(form)).length(3),
  openQuestions: z.array(openQuestion).min(1),
})

/** The sheet of an evaluator at the workplace: one form per altitude, with situations to choose from. */
export const observationSource = z.strictObject({
  ...heading,
  framework: slug,
  header: z.array(
    z.strictObject({
      id: slug,
      kind: z.enum(['person', 'date', 'text', 'situations']),
      label: translated,
    }),
  ),
  instructions: z.strictObject({ before: translated, during: translated, after: translated }),
  ratingScale: ratingScale('not-observed'),
  forms: z
    .array(
      z.strictObject({
        ...form,
        situations: z.array(z.strictObject({ id: slug, text: translated })).min(2),
      }),
    )
    .length(3),
  openQuestions: z.array(openQuestion).min(1),
})

const question = z.discriminatedUnion('kind', [
  z.strictObject({ id: slug, kind: z.literal('rating'), text: translated }),
  z.strictObject({ id: slug, kind: z.literal('text'), text: translated }),
  z.strictObject({
    id: slug,
    kind: z.literal('choice'),
    text: translated,
    options: z.array(z.strictObject({ id: slug, label: translated })).min(2),
  }),
])

/** A course evaluation sheet; `sendDaysAfter` counts from the completion of the course. */
export const courseEvaluationSource = z.strictObject({
  ...heading,
  respondent: z.enum(['participants', 'institution', 'speakers']),
  instructions: translated,
  sendDaysAfter: z.array(z.int().min(0)).min(1),
  ratingScale: ratingScale('not-applicable'),
  sections: z
    .array(z.strictObject({ id: slug, title: translated, questions: z.array(question).min(1) }))
    .min(1),
})

/** The 360° questionnaire, parsed. */
export type Questionnaire = z.infer<typeof questionnaireSource>
/** The observation sheet, parsed. */
export type ObservationSheet = z.infer<typeof observationSource>
/** A course evaluation sheet, parsed. */
export type CourseEvaluation = z.infer<typeof courseEvaluationSource>
