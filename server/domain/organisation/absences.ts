import { Invalid, NotFound } from '../../errors.js'
import { formatFor } from '../../http/format.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { isDuplicateKey } from '../../platform/database.js'
import { newId, owes, settle } from '../../platform/owed.js'
import type { NotificationKind } from '../notifications/contract.js'
import { notify } from '../notifications/notify.js'
import { audit } from '../people/audit.js'
import { findPerson, peopleNamed } from '../people/people.js'
import { forgetGrants } from '../people/sessions.js'
import { AbsenceModel, type Absence } from './models.js'
import { managerOf, peersOf, reportsOf } from './positions.js'

export type { Absence } from './models.js'

const day = 86_400_000

export interface AbsenceForm {
  readonly id?: Id | undefined
  readonly deputy: Id
  /** The first day, today by default. */
  readonly from?: Date | undefined
  /** The last day. */
  readonly to: Date
}

/**
 * Has somebody of those around act for the actor, who is away, over the actor's reports. A form sent twice does it once.
 * Throws `Invalid` for whoever is not around, and for dates that lead nowhere.
 */
export async function giveDeputy(actor: Actor, form: AbsenceForm): Promise<void> {
  const person = actor.person ?? ''
  const { id = newId(), deputy, from = now() } = form
  const to = new Date(Number(form.to) + day)
  if (to <= from || to <= now()) throw wrong('to', 'organisation:ends-before-it-begins')
  if (!(await peopleAround(person)).includes(deputy))
    throw wrong('deputy', 'organisation:no-such-person')
  try {
    const owed = ['grants', 'tell']
    await AbsenceModel.create({ _id: id, person, deputy, from, to, revision: 1, owed })
  } catch (error) {
    if (isDuplicateKey(error)) return
    throw error
  }
  await audit(actor, 'organisation:deputy-given', {
    object: person,
    details: { person: deputy, from: from.toISOString(), to: form.to.toISOString() },
  })
  await settle(AbsenceModel, id)
}

/** Ends an absence now: its deputy acts no more. */
export async function endAbsence(actor: Actor, { _id, person, deputy }: Absence): Promise<void> {
  const { modifiedCount } = await AbsenceModel.updateOne(
    { _id, to: { $gt: now() } },
    { $set: { to: now(), owed: ['grants'] }, $inc: { revision: 1 } },
  )
  if (modifiedCount === 0) return
  await audit(actor, 'organisation:deputy-ended', { object: person, details: { person: deputy } })
  await settle(AbsenceModel, _id)
}

/** The absences of a person that are not over. */
export const absencesOf = (person: Id): Promise<Absence[]> =>
  AbsenceModel.find({ person, to: { $gt: now() } })
    .sort({ from: 1 })
    .lean<Absence[]>()
    .exec()

/** The absences during which a person acts for somebody today. */
export const deputisedBy = (deputy: Id): Promise<Absence[]> =>
  AbsenceModel.find({ deputy, from: { $lte: now() }, to: { $gt: now() } })
    .sort({ to: 1 })
    .lean<Absence[]>()
    .exec()

/** Who acts for a person today. */
export async function deputiesOf(person: Id): Promise<Id[]> {
  const at = now()
  const found = await absencesOf(person)
  return found.filter(({ from }) => from <= at).map(({ deputy }) => deputy)
}

/** Those whom a person can have act: who reports to the same manager, the manager, and the own reports. */
export async function deputyChoices(person: Id): Promise<{ value: Id; label: string }[]> {
  const names = await peopleNamed(await peopleAround(person))
  return [...names.values()]
    .map(({ id, name }) => ({ value: id, label: name }))
    .toSorted((a, b) => a.label.localeCompare(b.label))
}

/** An absence of the actor's own. Throws `NotFound`. */
export async function findAbsence(actor: Actor, id: Id): Promise<Absence> {
  const absence = await AbsenceModel.findById(id).lean<Absence>()
  if (!absence || absence.person !== actor.person) throw new NotFound()
  return absence
}

/** Some absences, for the access test. */
export const someAbsences = (): Promise<Absence[]> =>
  AbsenceModel.find({}).sort({ _id: 1 }).limit(6).lean<Absence[]>().exec()

/** Somebody acts for the person's manager or colleague. */
export const deputyGiven: NotificationKind<{ name: string; from: string; to: string }> = {
  id: 'organisation:deputy-given',
  mail: 'at-once',
  present: ({ name, from, to }, t, language) => ({
    title: t('organisation:deputy-given.title', { name }),
    body: t('organisation:deputy-given.body', {
      from: formatFor(language).date(from),
      to: formatFor(language).date(to),
    }),
    href: '/',
    icon: 'person-check',
  }),
}

owes<Absence>(AbsenceModel, {
  grants: ({ deputy }) => forgetGrants([deputy]),
  tell: async ({ _id, person, deputy, from, to }) => {
    const { name } = await findPerson(person)
    const last = new Date(Number(to) - day)
    const data = { name, from: from.toISOString(), to: last.toISOString() }
    await notify(deputy, deputyGiven, { data, key: _id })
  },
})

async function peopleAround(person: Id): Promise<Id[]> {
  const [manager, peers, reports] = await Promise.all([
    managerOf(person),
    peersOf(person),
    reportsOf(person),
  ])
  return [...(manager ? [manager] : []), ...peers, ...reports]
}

const wrong = (path: string, code: string): Invalid =>
  new Invalid(code, { errors: [{ path, code }] })
