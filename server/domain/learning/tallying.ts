import type { QueryFilter } from 'mongoose'
import type { z } from 'zod'
import type { Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { talliesChanged, type Tallied, type Tally } from '../../platform/tallies.js'
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
      const [row] = await tallied({ course })
      return { value: row?.counts ?? none, size: row?.size ?? 0, until: row?.next }
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
      const rows = await talliedOf(people)
      return {
        value: {
          people: people.length,
          courses: rows.map(({ of, counts: found }) => ({ course: of, counts: found })),
        },
        size: people.length + rows.reduce((total, { size }) => total + size, 0),
        until: earliest(rows.flatMap(({ next }) => next ?? [])),
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
    counts: countsOf({ ...standingIn(enrolment), count: 1 }),
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

async function eachOf<T>(
  subjects: readonly Id[],
  work: (subject: Id) => Promise<Tallied<T>>,
): Promise<Map<Id, Tallied<T>>> {
  const made = new Map<Id, Tallied<T>>()
  for (const one of subjects) made.set(one, await work(one))
  return made
}

interface Standing {
  readonly status: Enrolment['status']
  readonly started: boolean
  readonly overdue: boolean
}

interface Row {
  readonly _id: Standing & { readonly of: Id }
  readonly count: number
  /** The next day on which one of them becomes overdue. */
  readonly next: Date | null
}

interface TallyRow {
  readonly of: Id
  readonly counts: Counts
  /** How many enrolments there are, those that ended as well. */
  readonly size: number
  readonly next?: Date | undefined
}

/** As many people are named in a query: a longer list no index would be asked for. */
const atOnce = 500

/** The states of some people's enrolments, course by course. */
async function talliedOf(people: readonly { readonly _id: Id }[]): Promise<TallyRow[]> {
  const rows: TallyRow[] = []
  for (let from = 0; from < people.length; from += atOnce)
    rows.push(...(await tallied({ person: oneOf(people.slice(from, from + atOnce)) })))
  return [...new Set(rows.map(({ of }) => of))].map((of) => {
    const own = rows.filter((row) => row.of === of)
    return {
      of,
      counts: sum(own.map(({ counts: found }) => found)),
      size: own.reduce((total, { size }) => total + size, 0),
      next: earliest(own.flatMap(({ next }) => next ?? [])),
    }
  })
}

/** The states of some enrolments, course by course. */
async function tallied(among: QueryFilter<Enrolment>): Promise<TallyRow[]> {
  const at = now()
  const rows = await EnrolmentModel.aggregate<Row>([
    { $match: among },
    {
      $group: {
        _id: {
          of: '$course',
          status: '$status',
          started: { $gt: ['$startedAt', null] },
          overdue: { $and: [{ $gt: ['$dueAt', null] }, { $lt: ['$dueAt', at] }] },
        },
        count: { $sum: 1 },
        next: { $min: { $cond: [{ $gt: ['$dueAt', at] }, '$dueAt', null] } },
      },
    },
  ])
  return [...new Set(rows.map(({ _id }) => _id.of))].map((of) => {
    const own = rows.filter(({ _id }) => _id.of === of)
    return {
      of,
      counts: sum(own.map(({ _id, count }) => countsOf({ ..._id, count }))),
      size: own.reduce((total, { count }) => total + count, 0),
      next: earliest(own.flatMap(({ _id, next }) => (next && _id.status === 'active' ? next : []))),
    }
  })
}

const oneOf = (people: readonly { readonly _id: Id }[]) => ({ $in: people.map(({ _id }) => _id) })

const earliest = (dates: readonly Date[]): Date | undefined =>
  dates.length > 0 ? new Date(Math.min(...dates.map(Number))) : undefined

const standingIn = ({ status, startedAt, dueAt }: Enrolment): Standing => ({
  ...{ status, started: Boolean(startedAt), overdue: dueAt !== undefined && dueAt < now() },
})

function countsOf({ status, started, overdue, count }: Standing & { count: number }): Counts {
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
