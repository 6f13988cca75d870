import type { z } from 'zod'
import type { Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import type { counts } from './learner-shown.js'
import { EnrolmentModel, type Enrolment } from './models.js'

export type Counts = z.input<typeof counts>

export interface TallyFilter {
  readonly people?: readonly Id[] | undefined
  readonly course?: Id | undefined
}

/** How many enrolments are in each state, by course. Of the people given, which the actor's scope made. */
export const tallyByCourse = (filter: TallyFilter): Promise<Map<Id, Counts>> =>
  tally('course', filter)

/** The same by person. */
export const tallyByPerson = (filter: TallyFilter): Promise<Map<Id, Counts>> =>
  tally('person', filter)

/** Several counts as one. */
export const sum = (all: Iterable<Counts>): Counts => {
  const total = { ...none }
  for (const one of all) {
    for (const key of Object.keys(none) as (keyof Counts)[]) total[key] += one[key]
  }
  return total
}

const none: Counts = {
  enrolled: 0,
  notStarted: 0,
  inProgress: 0,
  completed: 0,
  requested: 0,
  overdue: 0,
}

interface Row {
  readonly _id: {
    readonly of: Id
    readonly status: Enrolment['status']
    readonly started: boolean
    readonly overdue: boolean
  }
  readonly count: number
}

async function tally(
  by: 'course' | 'person',
  { people, course }: TallyFilter,
): Promise<Map<Id, Counts>> {
  const rows = await EnrolmentModel.aggregate<Row>([
    { $match: { ...(people && { person: { $in: [...people] } }), ...(course && { course }) } },
    {
      $group: {
        _id: {
          of: `$${by}`,
          status: '$status',
          started: { $gt: ['$startedAt', null] },
          overdue: { $and: [{ $gt: ['$dueAt', null] }, { $lt: ['$dueAt', now()] }] },
        },
        count: { $sum: 1 },
      },
    },
  ])
  const found = new Map<Id, Counts>()
  for (const row of rows) {
    const { of } = row._id
    found.set(of, sum([found.get(of) ?? none, countsOf(row)]))
  }
  return found
}

function countsOf({ _id: { status, started, overdue }, count }: Row): Counts {
  const active = status === 'active'
  const when = (holds: boolean): number => (holds ? count : 0)
  return {
    enrolled: when(active || status === 'completed'),
    notStarted: when(active && !started),
    inProgress: when(active && started),
    completed: when(status === 'completed'),
    requested: when(status === 'requested'),
    overdue: when(active && overdue),
  }
}
