import type { z } from 'zod'
import { orderOf, toPage, windowOf } from '../../http/lists.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { matchesWords, wordFilter } from '../../platform/words.js'
import { visibleTo } from '../organisation/scope.js'
import { nameIn, unitsKnownTo, unitsNamed, type Unit } from '../organisation/units.js'
import { countPeople, peopleWhere, type Person } from '../people/people.js'
import { overviewOrders, type overviewQuery } from './forms.js'
import { competenciesNamed } from './frameworks.js'
import { gapsOfPeople, readLevels, type Gap } from './gaps.js'
import type { overviewShown } from './shown.js'
import { toneOfGap, toneOfShare } from './tones.js'

type Overview = z.input<typeof overviewShown>
type Row = Overview['items'][number]
type Cell = Row['cells'][number]
type Gaps = ReadonlyMap<Id, readonly Gap[]>

type OverviewQuery = z.infer<typeof overviewQuery>

interface Asked {
  readonly actor: Actor
  readonly unit: Unit
  readonly query: OverviewQuery
  readonly language: string
}

/** How a unit stands: its units, or its people a page at a time. Only whom the actor may see is counted. */
export async function overviewOf(asked: Asked): Promise<Overview> {
  const { actor, unit, query, language } = asked
  const children = (await unitsKnownTo(actor)).filter(({ parent }) => parent === unit._id)
  const by = query.by ?? (children.length > 0 ? 'units' : 'people')
  const { rows, gaps, total } =
    by === 'units' ? await rowsOfUnits(asked, children) : await rowsOfPeople(asked)
  const ids = [...new Set([...gaps.values()].flat().map(({ competency }) => competency))]
  const [named, names] = await Promise.all([
    competenciesNamed(ids, language),
    unitsNamed(unit.units, language),
  ])
  const competencies = [...named.values()].map(({ id, title }) => ({ id, title }))
  const items = rows.map((row) => row(competencies.map(({ id }) => id)))
  return {
    ...toPage(items, total, { path: `/units/${unit._id}/competencies`, query: { ...query } }),
    unit: { id: unit._id, name: nameIn(unit, language) },
    path: unit.units.toReversed().map((id) => ({ id, name: names.get(id) ?? '' })),
    by,
    hasUnits: children.length > 0,
    competencies,
  }
}

/** A row, once the columns are known. */
type RowMaker = (competencies: readonly Id[]) => Row

interface Rows {
  readonly rows: RowMaker[]
  readonly gaps: Gaps
  readonly total: number
}

async function rowsOfUnits(
  { actor, unit, query, language }: Asked,
  children: readonly Unit[],
): Promise<Rows> {
  const people = await peopleWhere({
    filter: within(actor, unit),
    fields: { units: 1 },
  })
  const gaps = await gapsOfPeople(people.map(({ _id }) => _id))
  const groups = [
    ...children.map((child) => ({
      id: child._id,
      name: nameIn(child, language),
      people: people.filter(({ units }) => units.includes(child._id)),
    })),
    {
      id: unit._id,
      name: nameIn(unit, language),
      people: people.filter(({ units }) => !children.some(({ _id }) => units.includes(_id))),
    },
  ].filter(({ people: own, name }) => own.length > 0 && matchesWords(query.q ?? '', name))
  const rows = groups.map((group): RowMaker => (competencies) => ({
    id: group.id,
    name: group.name,
    people: group.people.length,
    cells: competencies.map((competency) => cellOfGroup(competency, group.people, gaps)),
  }))
  return { rows: query.sort === '-name' ? rows.toReversed() : rows, gaps, total: groups.length }
}

async function rowsOfPeople({ actor, unit, query }: Asked): Promise<Rows> {
  const filter = { $and: [within(actor, unit), ...(wordFilter(query.q).$and ?? [])] }
  const [people, total] = await Promise.all([
    peopleWhere({
      filter,
      sort: orderOf(overviewOrders, query.sort, 'name'),
      fields: { name: 1 },
      ...windowOf(query),
    }),
    countPeople(filter),
  ])
  const gaps = await gapsOfPeople(people.map(({ _id }) => _id))
  const rows = people.map(({ _id: id, name }): RowMaker => (competencies) => ({
    id,
    name,
    people: 1,
    cells: competencies.map((competency) => cellOfPerson(competency, gaps.get(id) ?? [])),
  }))
  return { rows, gaps, total }
}

const within = (actor: Actor, { _id }: Unit) => ({
  $and: [visibleTo(actor, readLevels), { units: _id }, { status: { $ne: 'deactivated' as const } }],
})

function cellOfGroup(competency: Id, group: readonly Pick<Person, '_id'>[], gaps: Gaps): Cell {
  const required = group.flatMap(({ _id }) =>
    (gaps.get(_id) ?? []).filter((gap) => gap.competency === competency),
  )
  const reached = required.filter(({ gap }) => gap <= 0).length
  const people = required.length
  const tone = toneOfShare(reached, people)
  return { competency, people, reached, level: null, target: null, tone }
}

function cellOfPerson(competency: Id, gaps: readonly Gap[]): Cell {
  const found = gaps.find((gap) => gap.competency === competency)
  return {
    competency,
    people: found ? 1 : 0,
    reached: found && found.gap <= 0 ? 1 : 0,
    level: found?.level ?? null,
    target: found?.target ?? null,
    tone: toneOfGap(found?.gap),
  }
}
