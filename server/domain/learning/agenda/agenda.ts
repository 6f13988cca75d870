import { z } from 'zod'
import { NotFound } from '../../../errors.js'
import { formatFor } from '../../../http/format.js'
import { opened, signed } from '../../../http/signing.js'
import type { Actor, Id } from '../../../kernel/contract.js'
import { now } from '../../../platform/clock.js'
import { translator } from '../../../platform/i18n.js'
import { absoluteUrl } from '../../../platform/mail.js'
import { ownerOf } from '../../people/actors.js'
import { audit } from '../../people/audit.js'
import { findPerson, type Person } from '../../people/people.js'
import { courseNamed, coursesNamed } from '../courses.js'
import { EnrolmentModel, type Enrolment } from '../models.js'
import { AgendaModel, type Agenda } from './models.js'

export const agendaShown = z.object({
  due: z.array(
    z.object({
      id: z.string(),
      course: z.object({ id: z.string(), title: z.string(), language: z.string() }),
      dueAt: z.iso.datetime(),
      late: z.boolean(),
    }),
  ),
  /** What a calendar program is given; whoever has it sees the dates. */
  address: z.string().nullable(),
})

const purpose = 'learning:agenda'
const ending = '.ics'
const most = 500

/** Something to complete. */
interface Due {
  /** Stays the same while the date is moved. */
  readonly id: Id
  readonly course: ReturnType<typeof courseNamed>
  readonly dueAt: Date
}

/** What the actor has to complete by some day, and the address at which a calendar follows it, if there is one. */
export async function ownAgenda(actor: Actor): Promise<z.input<typeof agendaShown>> {
  const person = ownerOf(actor)
  const [due, agenda] = await Promise.all([
    dueOf(person),
    AgendaModel.findById(person).lean<Agenda>(),
  ])
  return {
    due: due.map(({ dueAt, ...one }) => ({
      ...one,
      dueAt: dueAt.toISOString(),
      late: dueAt < now(),
    })),
    // Whoever has it reads the calendar for good: it is not for somebody who only looks.
    address: agenda && !actor.support ? addressOf(agenda) : null,
  }
}

/** Gives the actor an address for calendars. The one before, if any, stops. */
export async function giveAddress(actor: Actor): Promise<void> {
  const person = ownerOf(actor)
  await AgendaModel.updateOne(
    { _id: person },
    { $inc: { number: 1 }, $set: { isFollowed: true } },
    { upsert: true },
  )
  await audit(actor, 'learning:agenda-given', { object: person })
}

/** No calendar follows the actor any longer; the next address is another one. */
export async function stopAddress(actor: Actor): Promise<void> {
  const person = ownerOf(actor)
  const { modifiedCount } = await AgendaModel.updateOne(
    { _id: person, isFollowed: true },
    { $set: { isFollowed: false } },
  )
  if (modifiedCount > 0) await audit(actor, 'learning:agenda-stopped', { object: person })
}

/**
 * What the person of an address has to complete, as a calendar (RFC 5545): one event of a whole day each, in the person's
 * language and time zone. Throws `NotFound` for an address that we did not make, that was replaced, or whose person has left.
 */
export async function calendarAt(file: string): Promise<string> {
  if (!file.endsWith(ending)) throw new NotFound()
  const found = opened(purpose, file.slice(0, -ending.length)) as [Id, number] | undefined
  if (!found) throw new NotFound()
  const [id, number] = found
  const agenda = await AgendaModel.findById(id).lean<Agenda>()
  const isOurs = agenda?.isFollowed && agenda.number === number
  const person = isOurs ? await findPerson(id) : undefined
  if (person?.status !== 'active') throw new NotFound()
  return calendarOf(person, await dueOf(id))
}

async function calendarOf({ language, timeZone }: Person, due: readonly Due[]): Promise<string> {
  const { default: ical, ICalEventTransparency } = await import('ical-generator')
  const t = translator(language)
  const { sortable } = formatFor(language, timeZone)
  const calendar = ical({
    name: t('learning:agenda.calendar'),
    prodId: { company: 'Palier', product: 'Palier', language: language.toUpperCase() },
    ttl: 6 * 3600,
  })
  for (const { id, course, dueAt } of due) {
    const url = absoluteUrl(`/courses/${encodeURIComponent(course.id)}`)
    calendar.createEvent({
      id: `${id}@${new URL(url).hostname}`,
      // A day without a time is read by the local parts of the date.
      start: dayOf(sortable(dueAt)),
      allDay: true,
      summary: t('learning:agenda.event', { title: course.title }),
      description: t('learning:agenda.event-text', { link: url }),
      url,
      transparency: ICalEventTransparency.TRANSPARENT,
    })
  }
  return calendar.toString()
}

function dayOf(sortable: string): Date {
  const [year = 0, month = 1, day = 1] = sortable.slice(0, 10).split('-').map(Number)
  return new Date(year, month - 1, day)
}

async function dueOf(person: Id): Promise<Due[]> {
  const found = await EnrolmentModel.find({
    ...{ person, status: 'active' },
    dueAt: { $exists: true },
  })
    .limit(most)
    .lean<Enrolment[]>()
  const courses = await coursesNamed(found.map(({ course }) => course))
  return found
    .flatMap(({ _id, cycle, course, dueAt }) => {
      return dueAt && courses.has(course)
        ? [{ id: `${_id}|${cycle}`, course: courseNamed(courses, course), dueAt }]
        : []
    })
    .toSorted((a, b) => Number(a.dueAt) - Number(b.dueAt))
}

const addressOf = ({ _id, number, isFollowed }: Agenda): string | null =>
  isFollowed ? absoluteUrl(`/agenda/${signed(purpose, [_id, number])}${ending}`) : null
