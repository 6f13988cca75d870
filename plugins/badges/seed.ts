import { now, type Id, type Seed } from '#core'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { readDemo, type Demo } from '../../content/demo/demo.js'
import {
  AwardModel,
  BadgeModel,
  TallyModel,
  type Award,
  type Badge,
  type Criterion,
} from './models.js'

const day = 86_400_000
const texts = z.strictObject({ en: z.string(), fr: z.string(), es: z.string() })

const source = z.array(
  z.strictObject({
    id: z.string(),
    icon: z.string(),
    title: texts,
    description: texts,
    criterion: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('completion'), course: z.string() }),
      z.strictObject({ kind: z.literal('courses'), count: z.int() }),
      z.strictObject({ kind: z.literal('level'), competency: z.string(), level: z.int() }),
    ]),
  }),
)

/** Badges of the demo institution, and who earned them. Nobody is told of it: it was long ago. */
export const demoBadges: Seed = {
  id: 'badges:demo',
  async run() {
    const demo = readDemo()
    const badges = badgesOf(demo)
    await addMissing(BadgeModel, badges)
    await addMissing(
      AwardModel,
      badges.flatMap((badge) => awardsFor(badge, demo)),
    )
    await addMissing(TallyModel, talliesOf(demo))
  },
}

function badgesOf({ institution }: Demo): Badge[] {
  const file = new URL('./demo-badges.json', import.meta.url)
  const made = source.parse(JSON.parse(readFileSync(file, 'utf8')))
  return made.map(({ id, ...badge }) => ({
    _id: id,
    ...badge,
    unit: institution.units[0]?.id ?? '',
    author: 'naomi-adeyemi',
    createdAt: daysAgo(400),
  }))
}

/** The first time somebody met the criterion counts. */
function awardsFor({ _id: badge, criterion }: Badge, demo: Demo): Award[] {
  const first = new Map<Id, number>()
  for (const { person, at } of meetings(criterion, demo)) {
    first.set(person, Math.max(at, first.get(person) ?? 0))
  }
  return [...first].map(([person, at]) => ({
    _id: `${person}:${badge}`,
    person,
    badge,
    at: daysAgo(at),
    revision: 0,
  }))
}

/** Who met a criterion how many days ago; what people say of themselves earns nothing. */
function meetings(criterion: Criterion, demo: Demo): { person: Id; at: number }[] {
  if (criterion.kind === 'level') {
    return demo.evidence
      .filter(({ kind }) => kind !== 'self')
      .filter(
        ({ competency, level }) => competency === criterion.competency && level >= criterion.level,
      )
      .map(({ person, daysAgo: at }) => ({ person, at }))
  }
  const completed = completions(demo)
  if (criterion.kind === 'completion') {
    return completed.filter(({ course }) => course === criterion.course)
  }
  return [...byPerson(completed).values()].flatMap(
    (own) => own.toSorted((a, b) => b.at - a.at)[criterion.count - 1] ?? [],
  )
}

interface Completed {
  readonly person: Id
  readonly course: Id
  readonly at: number
}

const completions = ({ enrolments }: Demo): Completed[] =>
  enrolments.flatMap(({ person, course, completedDaysAgo }) =>
    completedDaysAgo === undefined ? [] : [{ person, course, at: completedDaysAgo }],
  )

const talliesOf = (demo: Demo) =>
  [...byPerson(completions(demo))].map(([_id, own]) => ({
    _id,
    courses: own.map(({ course }) => course),
  }))

function byPerson(completed: readonly Completed[]): Map<Id, Completed[]> {
  const people = new Map<Id, Completed[]>()
  for (const one of completed) people.set(one.person, [...(people.get(one.person) ?? []), one])
  return people
}

const daysAgo = (count: number): Date => new Date(now().getTime() - count * day)

interface Collection {
  find(filter: object, fields: object): { lean<R>(): PromiseLike<R> }
  insertMany(documents: never[]): Promise<unknown>
}

async function addMissing(
  model: Collection,
  wanted: readonly { readonly _id: Id }[],
): Promise<void> {
  const there = await model.find({}, { _id: 1 }).lean<{ _id: Id }[]>()
  const known = new Set(there.map(({ _id }) => _id))
  await model.insertMany(wanted.filter(({ _id }) => !known.has(_id)) as never[])
}
