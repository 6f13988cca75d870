import { z } from 'zod'
import type { Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { enqueue, type Job } from '../../platform/jobs.js'
import { owes, settle } from '../../platform/owed.js'
import { enrolmentsOf, type Enrolment } from '../learning/enrolments.js'
import { calendarsOf, type Calendar } from '../organisation/calendars.js'
import { postsOf } from '../organisation/positions.js'
import { visibleTo } from '../organisation/scope.js'
import { systemActor } from '../people/access.js'
import { peopleWhere, type Person } from '../people/people.js'
import { includes, type Audience, type Place } from './audience.js'
import { assignmentsMoved } from './counting.js'
import { AssignmentModel, ObligationModel, type Assignment, type Obligation } from './models.js'
import { obligationNow, type Facts, type Source } from './obligation-rules.js'
import type { WorkingDays } from './reminder-times.js'
import { obligationId, storeObligation } from './storing.js'

const batch = 200
/** So many people have what was assigned when the assigner is answered; more are seen to by a job. */
const atOnce = 40
const actor = systemActor('assigning')

/**
 * Works out anew what these people are to complete, from the assignments that concern them where they stand today, and
 * sees to what follows. Whoever came is asked, whoever left is not any more; doing it twice is once.
 */
export async function followPeople(ids: readonly Id[]): Promise<void> {
  const wanted = [...new Set(ids)]
  for (let from = 0; from < wanted.length; from += batch) {
    await followBatch(wanted.slice(from, from + batch))
  }
}

const wantedJob = z.object({ assignment: z.string() })

/** Sees to everybody whom an assignment concerns, or concerned. */
export const followAssignment: Job<z.infer<typeof wantedJob>> = {
  id: 'assigning:follow-assignment',
  payload: wantedJob,
  async run({ assignment: id }) {
    const assignment = await AssignmentModel.findById(id).lean<Assignment>()
    if (assignment) await followPeople(await concernedBy(assignment))
  },
}

/** The net under the events: once a day everybody whom an assignment that stands concerns, or did. */
export const followEverybody: Job = {
  id: 'assigning:follow-everybody',
  dailyAt: '03:40',
  async run() {
    const standing = await AssignmentModel.find({ endedAt: null as never }).lean<Assignment[]>()
    const people = new Set<Id>()
    for (const assignment of standing) {
      for (const person of await concernedBy(assignment)) people.add(person)
    }
    await followPeople([...people])
  },
}

/** A cycle opens, an exemption ends: what was to happen by now is worked out. */
export const wakeObligations: Job = {
  id: 'assigning:wake-obligations',
  every: '1 hour',
  async run() {
    const due = await ObligationModel.distinct('person', { wakeAt: { $lte: now() } })
    await followPeople(due)
  },
}

owes<Assignment>(AssignmentModel, {
  follow: async (assignment) => {
    const people = await concernedBy(assignment)
    if (people.length <= atOnce) return followPeople(people)
    const { _id, revision } = assignment
    await enqueue(followAssignment, { assignment: _id }, { key: `${_id}|${revision}` })
  },
})

/** The people in the audience today, and those whom the assignment had reached before. */
async function concernedBy(assignment: Assignment): Promise<Id[]> {
  const reached = await ObligationModel.distinct('person', {
    'sources.assignment': assignment._id,
  })
  return [
    ...new Set([...reached, ...(assignment.endedAt ? [] : await peopleFor(assignment.audience))]),
  ]
}

/** Those who may be in an audience by unit, name and manager; posts are looked at when they are followed. */
async function peopleFor({ unit, people, manager }: Audience): Promise<Id[]> {
  const found = await peopleWhere({
    filter: {
      $and: [
        visibleTo(actor),
        { status: { $ne: 'deactivated' } },
        ...(unit ? [{ units: unit }] : []),
        ...(people ? [{ _id: { $in: [...people] } }] : []),
        ...(manager ? [{ manager }] : []),
      ],
    },
    fields: { _id: 1 },
  })
  return found.map(({ _id }) => _id)
}

async function followBatch(ids: readonly Id[]): Promise<void> {
  const changed: Id[] = []
  const moved: Id[] = []
  for (const facts of await factsOf(ids)) {
    const obligation = obligationNow(facts)
    if (!obligation) continue
    const isOutstanding = obligation.status === 'open' && !takesPart(facts, obligation.cycle)
    if (await storeObligation(obligation, facts.before, isOutstanding)) {
      changed.push(obligationId(facts.person, facts.course))
      const sources = [...obligation.sources, ...(facts.before?.sources ?? [])]
      moved.push(...sources.map(({ assignment }) => assignment))
    }
  }
  await assignmentsMoved(moved)
  for (const id of changed) await settle(ObligationModel, id)
}

/** All that the obligations of some people are worked out from. */
export async function factsOf(ids: readonly Id[]): Promise<Facts[]> {
  const known = await readBatch(ids)
  return known.people.flatMap((person) => [...factsAbout(person, known)])
}

/** Whether the enrolment is where the obligation wants it: under way, in its cycle. */
const takesPart = ({ enrolment }: Facts, cycle: number): boolean =>
  enrolment?.status === 'active' && enrolment.cycle === cycle

interface Known {
  readonly at: Date
  readonly people: readonly Person[]
  readonly posts: Awaited<ReturnType<typeof postsOf>>
  readonly calendars: Awaited<ReturnType<typeof calendarsOf>>
  readonly assignments: readonly Assignment[]
  readonly obligations: readonly Obligation[]
  readonly enrolments: readonly Enrolment[]
}

async function readBatch(ids: readonly Id[]): Promise<Known> {
  const people = await peopleWhere({
    filter: { $and: [visibleTo(actor), { _id: { $in: [...ids] } }] },
    fields: { status: 1, units: 1, manager: 1, institution: 1, timeZone: 1 },
  })
  const units = [...new Set(people.flatMap((person) => person.units))]
  const [assignments, obligations] = await Promise.all([
    AssignmentModel.find({
      $or: [{ 'audience.unit': { $in: units } }, { 'audience.people': { $in: [...ids] } }],
      endedAt: null as never,
    })
      .sort({ at: 1 })
      .lean<Assignment[]>(),
    ObligationModel.find({ person: { $in: [...ids] } }).lean<Obligation[]>(),
  ])
  const [posts, calendars, enrolments] = await Promise.all([
    postsOf(ids),
    calendarsOf(people.flatMap(({ institution }) => institution ?? [])),
    enrolmentsOf(ids),
  ])
  return { at: now(), people, posts, calendars, assignments, obligations, enrolments }
}

/** One set of facts for each course that something was ever asked of, or is asked now. */
function* factsAbout(person: Person, known: Known): Generator<Facts> {
  const { _id, status, units, manager = null, timeZone, institution } = person
  const active = status !== 'deactivated'
  const place: Place = { person: _id, active, units, manager, post: known.posts.get(_id) }
  const asking = known.assignments.filter(({ audience }) => includes(audience, place))
  const own = known.obligations.filter((obligation) => obligation.person === _id)
  const enrolments = known.enrolments.filter((enrolment) => enrolment.person === _id)
  const due = enrolments.filter((one) => one.dueAt && one.status === 'active')
  const courses = new Set([...asking, ...own, ...due].map(({ course }) => course))
  for (const course of courses) {
    const before = own.find((obligation) => obligation.course === course)
    yield {
      at: known.at,
      ...{ person: _id, course, active, units, manager, timeZone, before },
      working: workingDaysOf(known.calendars.get(institution ?? '')),
      sources: sourcesFor(
        asking.filter((assignment) => assignment.course === course),
        before,
        known.at,
      ),
      enrolment: enrolments.find((enrolment) => enrolment.course === course),
    }
  }
}

/** A calendar as the rules of reminding see it; without an institution nobody rests. */
export const workingDaysOf = (calendar: Calendar | undefined): WorkingDays => ({
  restDays: calendar?.restDays ?? [],
  holidays: (calendar?.holidays ?? []).map(({ day }) => day),
})

/** Whom an assignment had reached keeps the day of arrival; who comes, or comes back, arrives now. */
const sourcesFor = (
  assignments: readonly Assignment[],
  before: Obligation | undefined,
  at: Date,
): Source[] =>
  assignments.map((assignment) => ({
    assignment,
    arrivedAt:
      before?.sources.find((source) => source.assignment === assignment._id)?.arrivedAt ?? at,
  }))
