import type { Actor, Id } from '../../kernel/contract.js'
import { talliesOf } from '../../platform/tallies.js'
import { exactUpTo } from '../../platform/totals.js'
import { scopeOf, visibleTo } from '../organisation/scope.js'
import { unitsInReach } from '../organisation/units.js'
import { countPeople, peopleWhere, type Person } from '../people/people.js'
import { seeOverview } from './enrolment-subjects.js'
import { currentPeople, peopleFilter } from './finding-people.js'
import { tallyOf, unitTally, type Counts } from './tallying.js'

/** What the people within an actor's reach have come to. */
export interface Figures {
  readonly people: number
  /** The units they belong to. */
  readonly units: readonly Id[]
  readonly rows: readonly FigureRow[]
}

interface FigureRow {
  readonly unit: Id | null
  readonly course: Id
  readonly counts: Counts
}

/** Everybody within reach who has not left, below a unit if asked for. Of more than a thousand, the kept tallies are read. */
export async function figuresWithin(actor: Actor, unit?: Id): Promise<Figures> {
  const filter = peopleFilter(currentPeople(actor, seeOverview), { unit })
  return (await countPeople(filter)) <= exactUpTo
    ? figuresOf(await membersOf(filter))
    : keptFigures(actor, unit)
}

async function keptFigures(actor: Actor, unit: Id | undefined): Promise<Figures> {
  const units = (await unitsInReach(actor, seeOverview, unit)).map(({ _id }) => _id)
  const [kept, others] = await Promise.all([
    talliesOf(unitTally, units),
    membersOf(peopleFilter(reportsElsewhere(actor, units), { unit })).then(figuresOf),
  ])
  const figures = [...kept].map(([id, { people, courses }]) => ({ unit: id, people, courses }))
  return {
    people: figures.reduce((total, { people }) => total + people, others.people),
    units: [
      ...new Set([
        ...figures.filter(({ people }) => people > 0).map((one) => one.unit),
        ...others.units,
      ]),
    ],
    rows: [
      ...figures.flatMap((one) => one.courses.map((row) => ({ unit: one.unit, ...row }))),
      ...others.rows,
    ],
  }
}

/** Whom the actor leads though they belong to a unit that is out of its reach. */
const reportsElsewhere = (actor: Actor, units: readonly Id[]) => ({
  $and: [
    visibleTo(actor, seeOverview),
    { manager: { $in: scopeOf(actor, seeOverview).reportsOf } },
    { status: { $ne: 'deactivated' as const }, unit: { $nin: [...units] } },
  ],
})

const membersOf = (filter: Parameters<typeof countPeople>[0]): Promise<Person[]> =>
  peopleWhere({ filter, fields: { unit: 1 } })

async function figuresOf(people: readonly Person[]): Promise<Figures> {
  const unitOf = new Map(people.map(({ _id, unit }) => [_id, unit ?? null]))
  const rows = await tallyOf(people)
  return {
    people: people.length,
    units: [...new Set(people.flatMap(({ unit }) => unit ?? []))],
    rows: rows.map(({ person, course, counts }) => ({
      ...{ unit: unitOf.get(person) ?? null, course, counts },
    })),
  }
}
