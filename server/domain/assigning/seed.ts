import { readDemo, type Demo } from '../../../content/demo/demo.js'
import type { Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import type { Invented, Seed } from '../../platform/seeds.js'
import { setDue } from '../learning/cycles.js'
import { systemActor } from '../people/access.js'
import { delegationOf } from '../organisation/crowd.js'
import { findUnit } from '../organisation/units.js'
import { addDays, dayAt } from './days.js'
import { factsOf } from './following.js'
import { AssignmentModel, ObligationModel, type Assignment, type Obligation } from './models.js'
import { obligationNow } from './obligation-rules.js'
import { obligationId } from './storing.js'

const day = 86_400_000
type Source = Demo['assignments'][number]

/** What is assigned in the demo institution, some of it late. Everybody is enrolled already, and nobody is told. */
export const demoAssignments: Seed = {
  id: 'assigning:demo',
  crowd: assignToCrowd,
  async run() {
    const { assignments, posts, enrolments } = readDemo()
    const known = await AssignmentModel.find({}, { _id: 1 }).lean<{ _id: Id }[]>()
    const missing = assignments.filter(({ id }) => !known.some(({ _id }) => _id === id))
    if (missing.length === 0) return
    await AssignmentModel.insertMany(await Promise.all(missing.map(assignmentFrom)))
    const holders = posts
      .filter(({ id }) => missing.some((source) => source.posts?.includes(id)))
      .flatMap((post) => post.holders.map(({ person }) => person))
    const dated = enrolments.filter(({ dueInDays }) => dueInDays !== undefined)
    const named = missing.flatMap(({ people }) => people ?? [])
    await addObligations([...holders, ...named, ...dated.map(({ person }) => person)])
  },
}

const assignedDelegations = 9

/** A course that some delegations owe, half of them since last month. */
async function assignToCrowd(people: readonly Invented[]): Promise<void> {
  const sources = Array.from({ length: assignedDelegations }, (_, number): Source => ({
    id: `crowd-assignment-${number + 1}`,
    course: readDemo().assignments[0]?.course ?? '',
    unit: delegationOf({ number }),
    by: readDemo().assignments[0]?.by ?? '',
    daysAgo: 90,
    dueInDays: number % 2 === 0 ? -30 : 30,
  }))
  const known = await AssignmentModel.find({}, { _id: 1 }).lean<{ _id: Id }[]>()
  const missing = sources.filter(({ id }) => !known.some(({ _id }) => _id === id))
  await AssignmentModel.insertMany(await Promise.all(missing.map(assignmentFrom)))
  const concerned = new Set(sources.map(({ unit }) => unit))
  await addObligations(people.filter((one) => concerned.has(delegationOf(one))).map(({ id }) => id))
}

async function assignmentFrom(source: Source): Promise<Assignment> {
  const { id, course, unit, people, posts, by, daysAgo, dueInDays, months } = source
  const { units } = await findUnit(systemActor('demo'), unit)
  return {
    _id: id,
    course,
    audience: { unit, ...(people && { people }), ...(posts && { posts }) },
    units,
    due: { day: addDays(dayAt(now(), 'UTC'), dueInDays) },
    ...(months && { months }),
    by,
    at: new Date(Number(now()) - daysAgo * day),
    revision: 1,
  }
}

async function addObligations(people: readonly Id[]): Promise<void> {
  const added = (await factsOf(people)).flatMap((facts) => {
    const worked = facts.before ? undefined : obligationNow(facts)
    const _id = obligationId(facts.person, facts.course)
    return worked
      ? [{ facts, obligation: { _id, ...worked, revision: 1 } satisfies Obligation }]
      : []
  })
  await ObligationModel.insertMany(added.map(({ obligation }) => obligation))
  const undated = added.filter(
    ({ facts, obligation: { status, dueAt } }) =>
      status === 'open' && Number(facts.enrolment?.dueAt) !== Number(dueAt),
  )
  await Promise.all(undated.map(({ obligation: { _id, dueAt } }) => setDue(_id, dueAt)))
}
