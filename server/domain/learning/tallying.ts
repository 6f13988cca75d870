import type { QueryFilter } from 'mongoose'
import type { z } from 'zod'
import type { Id } from '../../kernel/contract.js'
import { earliest, now } from '../../platform/clock.js'
import {
  isPastDue,
  nextDue,
  talliesChanged,
  type Tallied,
  type Tally,
} from '../../platform/tallies.js'
import { visibleTo } from '../organisation/scope.js'
import { systemActor } from '../people/access.js'
import { peopleWhere, personPlace } from '../people/people.js'
import type { counts } from './learner-shown.js'
import { EnrolmentModel, type Enrolment } from './models.js'

/** A tally is nobody's: what of it is shown is for the reader's scope to say. */
const everybody = visibleTo(systemActor('learning'))

export type Counts = z.input<typeof counts>

/** How many enrolments of a course are in each state. */
export const courseTally: Tally<Counts> = {
  id: 'learning:course',
  compute: (courses) =>
    eachOf(courses, async (course) => {
      const rows = await rowsWhere({ course })
      return { value: countsIn(rows), size: sizeOf(rows), until: untilOf(rows) }
    }),
}

/** Who belongs to a unit itself and has not left, and what they have come to, course by course. */
export interface UnitFigures {
  readonly people: number
  readonly courses: readonly { readonly course: Id; readonly counts: Counts }[]
}

/** The figures of units, without those below them. */
export const unitTally: Tally<UnitFigures> = {
  id: 'learning:unit',
  compute: (units) =>
    eachOf(units, async (unit) => {
      const people = await peopleWhere({
        filter: { $and: [everybody, { unit, status: { $ne: 'deactivated' } }] },
        fields: { _id: 1 },
      })
      const rows = await rowsOf(people)
      const courses = [...new Set(rows.map(({ _id }) => _id.course))].map((course) => ({
        course,
        counts: countsIn(rows.filter(({ _id }) => _id.course === course)),
      }))
      return {
        value: { people: people.length, courses },
        size: people.length + sizeOf(rows),
        until: untilOf(rows),
      }
    }),
}

/** What some people have come to, each in each course. */
export const tallyOf = async (
  people: readonly { readonly _id: Id }[],
): Promise<{ person: Id; course: Id; counts: Counts }[]> => {
  const found = await EnrolmentModel.find(
    { person: oneOf(people) },
    { person: 1, course: 1, status: 1, startedAt: 1, dueAt: 1 },
  ).lean<Enrolment[]>()
  return found.map((enrolment) => ({
    person: enrolment.person,
    course: enrolment.course,
    counts: countsOf({ ...kindOf(enrolment), count: 1 }),
  }))
}

/** Says that an enrolment is in another state than it was. */
export async function enrolmentMoved({
  person,
  course,
}: Pick<Enrolment, 'person' | 'course'>): Promise<void> {
  const { unit } = (await personPlace(person)) ?? {}
  await talliesChanged(courseTally, [course])
  if (unit) await talliesChanged(unitTally, [unit])
}

/** Says that people belong elsewhere than they did. */
export async function peopleMoved(people: readonly Id[]): Promise<void> {
  const found = await peopleWhere({
    filter: { $and: [everybody, { _id: { $in: [...people] } }] },
    fields: { unit: 1 },
  })
  await talliesChanged(
    unitTally,
    found.flatMap(({ unit }) => unit ?? []),
  )
}

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

/** Works tallies out one subject after the other. */
export async function eachOf<T>(
  subjects: readonly Id[],
  work: (subject: Id) => Promise<Tallied<T>>,
): Promise<Map<Id, Tallied<T>>> {
  const made = new Map<Id, Tallied<T>>()
  for (const one of subjects) made.set(one, await work(one))
  return made
}

interface Kind {
  readonly status: Enrolment['status']
  readonly started: boolean
  readonly overdue: boolean
}

/** Enrolments of one course and kind. */
interface Row {
  readonly _id: Kind & { readonly course: Id }
  readonly count: number
  /** The next day on which one of them becomes overdue. */
  readonly next: Date | null
}

/** As many people are named in a query: a longer list no index would be asked for. */
const atOnce = 500

async function rowsOf(people: readonly { readonly _id: Id }[]): Promise<Row[]> {
  const rows: Row[] = []
  for (let from = 0; from < people.length; from += atOnce)
    rows.push(...(await rowsWhere({ person: oneOf(people.slice(from, from + atOnce)) })))
  return rows
}

function rowsWhere(filter: QueryFilter<Enrolment>): Promise<Row[]> {
  const at = now()
  return EnrolmentModel.aggregate<Row>([
    { $match: filter },
    {
      $group: {
        _id: {
          course: '$course',
          status: '$status',
          started: { $gt: ['$startedAt', null] },
          overdue: isPastDue(at),
        },
        count: { $sum: 1 },
        next: nextDue(at),
      },
    },
  ]).exec()
}

const countsIn = (rows: readonly Row[]): Counts =>
  sum(rows.map(({ _id, count }) => countsOf({ ..._id, count })))

const sizeOf = (rows: readonly Row[]): number => rows.reduce((total, { count }) => total + count, 0)

const untilOf = (rows: readonly Row[]): Date | undefined =>
  earliest(rows.map(({ _id, next }) => (_id.status === 'active' ? next : null)))

const oneOf = (people: readonly { readonly _id: Id }[]) => ({ $in: people.map(({ _id }) => _id) })

const kindOf = ({ status, startedAt, dueAt }: Enrolment): Kind => ({
  ...{ status, started: Boolean(startedAt), overdue: dueAt !== undefined && dueAt < now() },
})

function countsOf({ status, started, overdue, count }: Kind & { count: number }): Counts {
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
