import { Conflict } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import type { Job } from '../../platform/jobs.js'
import { coursesNamed } from '../learning/courses.js'
import { notify } from '../notifications/notify.js'
import { calendarsOf } from '../organisation/calendars.js'
import { visibleTo } from '../organisation/scope.js'
import { actsFor, systemActor } from '../people/access.js'
import { audit } from '../people/audit.js'
import { peopleWhere, type Person } from '../people/people.js'
import { dayAt } from './days.js'
import { followPeople, workingDaysOf } from './following.js'
import { ObligationModel, type Obligation } from './models.js'
import { namesOf } from './naming.js'
import { askedReminder, reminder } from './notifying.js'
import { reminderAfter, whenAllowed, type WorkingDays } from './reminder-times.js'
import { assign, type PlacedObligation, ownedObligation } from './subjects.js'

const batch = 100

/** Reminds whom a reminder is due to, in the hours of a working day where the person lives, once a day at most. */
export const sendReminders: Job = {
  id: 'assigning:send-reminders',
  every: '10 minutes',
  async run() {
    const tried = new Set<Id>()
    for (;;) {
      const due = (await dueReminders()).filter(({ _id }) => !tried.has(_id))
      if (due.length === 0) return
      for (const { _id } of due) tried.add(_id)
      await followPeople(due.map(({ person }) => person))
      await remindAll(due.map(({ _id }) => _id))
    }
  },
}

/**
 * Has a person reminded now, or at the next working hour where the person lives. Throws `assigning:not-open` and, so
 * that nobody is pressed twice a day, `assigning:reminded-today`.
 */
export async function askReminder(
  actor: Actor,
  { obligation, person }: PlacedObligation,
): Promise<void> {
  const { _id, status, remindedOn, asked, course } = obligation
  if (status !== 'open') throw new Conflict('assigning:not-open')
  const at = now()
  if (asked || remindedOn === dayAt(at, person.timeZone))
    throw new Conflict('assigning:reminded-today')
  const actedFor = actsFor(actor, assign, ownedObligation({ person }))
  const by = { by: actor.person ?? actor.name, at, ...(actedFor && { actedFor }) }
  await ObligationModel.updateOne(
    { _id, status: 'open', asked: null as never },
    { $set: { asked: by, remindAt: at }, $inc: { revision: 1 } },
  )
  await audit(actor, 'assigning:reminded', {
    object: person._id,
    details: { course: (await coursesNamed([course])).get(course)?.title, actedFor },
  })
  await remindAll([_id])
}

const dueReminders = (): Promise<Obligation[]> =>
  ObligationModel.find({ remindAt: { $lte: now() } })
    .sort({ remindAt: 1 })
    .limit(batch)
    .lean<Obligation[]>()
    .exec()

async function remindAll(ids: readonly Id[]): Promise<void> {
  const due = await ObligationModel.find({
    _id: { $in: [...ids] },
    remindAt: { $lte: now() },
  }).lean<Obligation[]>()
  const people = await peopleWhere({
    filter: {
      $and: [
        visibleTo(systemActor('assigning:send-reminders')),
        { _id: { $in: due.map(({ person }) => person) } },
      ],
    },
    fields: { timeZone: 1, institution: 1 },
  })
  const calendars = await calendarsOf(people.flatMap(({ institution }) => institution ?? []))
  for (const obligation of due) {
    const person = people.find(({ _id }) => _id === obligation.person)
    const working = workingDaysOf(calendars.get(person?.institution ?? ''))
    await remind(obligation, person, working)
  }
}

/** What was said today is not said again: whatever is left of it waits for the next reminder there is. */
async function remind(
  obligation: Obligation,
  person: Person | undefined,
  working: WorkingDays,
): Promise<void> {
  const { status, dueAt, remindedOn } = obligation
  const at = now()
  if (!person || status !== 'open') return plan(obligation, {})
  const { timeZone } = person
  const allowed = whenAllowed(at, { timeZone, working })
  if (!allowed || allowed > at) return plan(obligation, { remindAt: allowed })
  const today = dayAt(at, timeZone)
  if (remindedOn !== today) await tell(obligation, today)
  const next = dueAt && reminderAfter(at, { dueAt, timeZone, working })
  await plan(obligation, { remindAt: next?.at, remindedOn: today })
}

/** On the revision that was read; whoever was faster has planned anew, and the day in the key keeps it from telling twice. */
async function plan(
  { _id, revision, asked }: Obligation,
  { remindAt, remindedOn }: { remindAt?: Date | undefined; remindedOn?: string },
): Promise<void> {
  await ObligationModel.updateOne(
    { _id, revision },
    {
      $set: { ...(remindAt && { remindAt }), ...(remindedOn && { remindedOn }) },
      $unset: { ...(!remindAt && { remindAt: 1 }), ...(asked && remindedOn && { asked: 1 }) },
      $inc: { revision: 1 },
    },
  )
}

async function tell(
  { _id, person, course, dueAt, asked }: Obligation,
  today: string,
): Promise<void> {
  const title = (await coursesNamed([course])).get(course)?.title ?? ''
  const about = { course, title, due: dueAt?.toISOString() ?? null }
  const key = `${_id}|${today}`
  if (!asked) {
    const late = dueAt !== undefined && dueAt < now()
    return notify(person, reminder, { data: { ...about, late }, key })
  }
  const names = await namesOf([asked.by, asked.actedFor])
  await notify(person, askedReminder, {
    data: { ...about, ...names(asked.by, asked.actedFor) },
    key,
  })
}
