import { z } from 'zod'
import { listQuery, sortOf } from '../../http/lists.js'
import { flag } from './forms.js'
import { stuckSigns } from './models.js'

const reference = z.string().min(1).max(200)

/** A day from a date field, until its end; or a moment, from programs. */
const due = z
  .union([z.iso.datetime(), z.iso.date().transform((day) => `${day}T23:59:59.000Z`)])
  .transform((said) => new Date(said))

/** Empty enrols oneself. `id` is accepted as in every form that creates; an enrolment has an id of its own. */
export const enrolForm = z.strictObject({
  id: z.uuid().optional(),
  person: reference.optional(),
  due: due.optional(),
  /** To what other institutions see, where there are any. */
  agreed: flag.default(false),
})

const mostAtOnce = 500

/** A page sends a line a person, a program a list. */
export const participantsForm = z.strictObject({
  people: z.union([
    z
      .string()
      .trim()
      .min(1)
      .max(100 * mostAtOnce)
      .transform((text) => text.split(/[\r\n;]+/).filter((line) => line.trim() !== ''))
      .pipe(z.array(z.string()).min(1).max(mostAtOnce)),
    z.array(reference).min(1).max(mostAtOnce),
  ]),
  due: due.optional(),
})

export const attemptForm = z.strictObject({
  activity: reference,
  /** The attempt that ends, so that a form sent twice gives one. */
  number: z.coerce.number().int().min(1).max(10_000),
  /** Read by the person, and by whoever looks at the attempts later. */
  reason: z.string().trim().min(3).max(1000),
})

/** What a page of our own reports: that it is done, or only seen, and the seconds it was before the reader's eyes. */
export const stepForm = z.strictObject({
  done: flag.default(false),
  seconds: z.coerce.number().int().min(0).max(14_400).default(0),
})

/** A filter left empty filters nothing. */
const empty = z.literal('').transform(() => undefined)

export const learnQuery = z.object({ preview: z.literal('1').optional() })

/** Orders of lists of people. */
export const peopleOrders = { name: { familyName: 1, _id: 1 } } as const
const peopleQuery = listQuery.extend({ sort: sortOf(peopleOrders) })

export type PeopleQuery = z.infer<typeof peopleQuery>

export const progressQuery = peopleQuery.extend({ person: empty.or(reference).optional() })

export const states = [
  'requested',
  'not-started',
  'in-progress',
  'completed',
  'overdue',
  'ended',
  'refused',
] as const
export type State = (typeof states)[number]

/** What lists of who takes part are narrowed by: a state, that nothing was done for some days, or another sign of being stuck. */
const wantedStates = [...states, 'stalled', ...stuckSigns] as const
export type WantedState = (typeof wantedStates)[number]

const taking = {
  status: empty.or(z.enum(wantedStates)).optional(),
  /** After how many days without progress a course is stalled; 14 unless said. */
  days: z.coerce.number().int().min(1).max(366).optional(),
}

export const participantsQuery = peopleQuery.extend({
  ...taking,
  /** Whose attempts are looked at. */
  person: empty.or(reference).optional(),
})

export const overviewQuery = peopleQuery.extend({
  unit: empty.or(reference).optional(),
  course: empty.or(reference).optional(),
  ...taking,
})

export type OverviewQuery = z.infer<typeof overviewQuery>
