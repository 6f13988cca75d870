import type { z } from 'zod'
import { orderOf, toPage, windowOf } from '../../http/lists.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { wordFilter } from '../../platform/words.js'
import { competenciesNamed } from '../competencies/frameworks.js'
import { gapsOfPeople } from '../competencies/gaps.js'
import { overviewLines, type OverviewLine } from '../learning/overview-lines.js'
import { absencesOf, deputisedBy, deputyChoices } from '../organisation/absences.js'
import { postsOf } from '../organisation/positions.js'
import { titleIn } from '../organisation/posts.js'
import { scopeOf, visibleTo } from '../organisation/scope.js'
import { countPeople, peopleNamed, peopleWhere, type Person } from '../people/people.js'
import { teamOrders, type TeamQuery } from './forms.js'
import { ObligationModel, type Obligation } from './models.js'
import { obligationLines, type ObligationLine } from './obligations.js'
import type { teamLine, teamShown } from './shown.js'
import { lead } from './subjects.js'

const gapsShown = 3
const day = 86_400_000

type Line = z.input<typeof teamLine>

/** The reports of a line manager, and of those for whom the actor acts, each with what is to be looked after. */
export async function teamPage(actor: Actor, query: TeamQuery): Promise<z.input<typeof teamShown>> {
  const person = actor.person ?? ''
  const filter = { $and: [...teamFilter(actor).$and, ...(wordFilter(query.q).$and ?? [])] }
  const [people, total, own, acting, choices] = await Promise.all([
    peopleWhere({ filter, sort: orderOf(teamOrders, query.sort, 'name'), ...windowOf(query) }),
    countPeople(filter),
    absencesOf(person),
    deputisedBy(person),
    deputyChoices(person),
  ])
  const names = await peopleNamed([...own, ...acting].flatMap((one) => [one.person, one.deputy]))
  const nameOf = (id: Id): string => names.get(id)?.name ?? ''
  return {
    ...toPage(await teamLines(actor, people), total, { path: '/team', query }),
    acting: acting.map((one) => ({ name: nameOf(one.person), to: lastDay(one.to) })),
    absences: own.map(({ _id, deputy, from, to }) => ({
      id: _id,
      deputy: nameOf(deputy),
      from: from.toISOString(),
      to: lastDay(to),
    })),
    leads: actor.grants.some(({ over, of }) => over === 'reports' && !of),
    choices,
  }
}

/** Everybody whom the actor leads, or leads for somebody else, and who has not left. */
export const teamFilter = (actor: Actor) => ({
  $and: [
    visibleTo(actor, lead),
    { manager: { $in: scopeOf(actor, lead).reportsOf } },
    { _id: { $ne: actor.person ?? '' } },
    { status: { $ne: 'deactivated' as const } },
  ],
})

const lastDay = (to: Date): string => new Date(Number(to) - day).toISOString()

async function teamLines(actor: Actor, people: readonly Person[]): Promise<Line[]> {
  const ids = people.map(({ _id }) => _id)
  const [posts, learning, open, gaps, managers] = await Promise.all([
    postsOf(ids),
    overviewLines(actor, people, {}),
    openObligations(actor, ids),
    namedGaps(actor, ids),
    peopleNamed(people.flatMap(({ manager }) => manager ?? [])),
  ])
  return people.map(({ _id, name, manager }) => {
    const post = posts.get(_id)
    const taken = learning.find(({ person }) => person.id === _id)?.enrolments ?? []
    const owed = open.filter(({ person }) => person.id === _id)
    const isOwn = manager === actor.person
    return {
      person: { id: _id, name, post: post ? titleIn(post, actor.language) : null },
      actedFor: isOwn || !manager ? null : (managers.get(manager)?.name ?? null),
      courses: coursesOf(taken, owed),
      requests: taken.filter(({ enrolment }) => enrolment.status === 'requested').map(requestOf),
      gaps: gaps.get(_id) ?? [],
    }
  })
}

async function openObligations(actor: Actor, people: readonly Id[]): Promise<ObligationLine[]> {
  const found = await ObligationModel.find({
    person: { $in: [...people] },
    status: 'open',
  }).lean<Obligation[]>()
  return obligationLines(actor, found)
}

type Taken = OverviewLine['enrolments'][number]

/** What is owed, late first and then by date; then what else was begun. */
function coursesOf(taken: readonly Taken[], owed: readonly ObligationLine[]): Line['courses'] {
  const underWay = taken.filter(({ enrolment }) => enrolment.status === 'active')
  const required = owed
    .toSorted((a, b) => (a.dueAt ?? '9').localeCompare(b.dueAt ?? '9'))
    .map((one) => {
      const found = underWay.find(({ enrolment }) => enrolment.id === one.id)
      const { id, course, dueAt, late, asked, remindedOn } = one
      return { id, course, dueAt, late, asked, remindedOn, owed: true, ...stepsOf(found) }
    })
  const others = underWay
    .filter(({ enrolment }) => !owed.some(({ id }) => id === enrolment.id))
    .map((found) => ({
      id: found.enrolment.id,
      course: found.course,
      dueAt: found.enrolment.dueAt,
      late: found.enrolment.overdue,
      ...{ asked: false, remindedOn: null, owed: false },
      ...stepsOf(found),
    }))
  return [...required, ...others]
}

const stepsOf = (found: Taken | undefined) => ({
  begun: found?.enrolment.state === 'in-progress',
  stepsDone: found?.stepsDone ?? 0,
  stepsTotal: found?.stepsTotal ?? 0,
})

const requestOf = ({ enrolment, course }: Taken): Line['requests'][number] => ({
  id: enrolment.id,
  course,
  at: enrolment.enrolledAt,
})

/** The widest gaps of each, by the competencies' names. */
async function namedGaps(actor: Actor, people: readonly Id[]): Promise<Map<Id, Line['gaps']>> {
  const gaps = await gapsOfPeople(people)
  const widest = new Map(
    [...gaps].map(([person, own]) => [
      person,
      own.filter(({ gap }) => gap > 0).slice(0, gapsShown),
    ]),
  )
  const ids = [...new Set([...widest.values()].flat().map(({ competency }) => competency))]
  const named = await competenciesNamed(ids, actor.language)
  return new Map(
    [...widest].map(([person, own]) => [
      person,
      own.map(({ competency, level, target }) => ({
        title: named.get(competency)?.title ?? '',
        level,
        target,
      })),
    ]),
  )
}

/** What waits in the actor's teams, for the home page. */
export async function teamFigures(actor: Actor) {
  const people = await peopleWhere({ filter: teamFilter(actor), fields: { _id: 1 } })
  const open = await ObligationModel.find(
    { person: { $in: people.map(({ _id }) => _id) }, status: 'open', dueAt: { $exists: true } },
    {},
  )
    .sort({ dueAt: 1 })
    .lean<Obligation[]>()
  return { people: people.length, open: await obligationLines(actor, open) }
}
