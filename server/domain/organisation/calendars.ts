import type { Actor, Id } from '../../kernel/contract.js'
import { audit } from '../people/audit.js'
import { CalendarModel, type Calendar, type Unit } from './models.js'

export type { Calendar } from './models.js'

/** Nobody said otherwise: Saturday and Sunday. */
const usualRestDays: readonly number[] = [0, 6]

/** The days on which some institutions rest; those that said nothing rest at the weekend. */
export async function calendarsOf(institutions: readonly Id[]): Promise<Map<Id, Calendar>> {
  const wanted = [...new Set(institutions)]
  const found = await CalendarModel.find({ _id: { $in: wanted } }).lean<Calendar[]>()
  const stored = new Map(found.map((calendar) => [calendar._id, calendar]))
  return new Map(wanted.map((id) => [id, stored.get(id) ?? usual(id)]))
}

/** The calendar of one institution. */
export const calendarOf = async (institution: Id): Promise<Calendar> =>
  (await calendarsOf([institution])).get(institution) ?? usual(institution)

/** Says on which days an institution rests. */
export async function changeCalendar(
  actor: Actor,
  { _id }: Unit,
  { restDays, holidays }: Pick<Calendar, 'restDays' | 'holidays'>,
): Promise<void> {
  await CalendarModel.updateOne({ _id }, { $set: { restDays, holidays } }, { upsert: true })
  await audit(actor, 'organisation:calendar-changed', {
    object: _id,
    details: { restDays: restDays.join(' '), holidays: holidays.map(({ day }) => day).join(' ') },
  })
}

const usual = (institution: Id): Calendar => ({
  _id: institution,
  restDays: usualRestDays,
  holidays: [],
})
