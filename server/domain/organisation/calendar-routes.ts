import { z } from 'zod'
import { can, goesTo, routes, shows, takes } from '../../http/routes.js'
import { calendarOf, changeCalendar } from './calendars.js'
import { calendarForm } from './forms.js'
import { onInstitution } from './subjects.js'
import { nameIn } from './units.js'

const manage = 'organisation:manage-units'

const calendarShown = z.object({
  unit: z.object({ id: z.string(), name: z.string() }),
  /** 0 for Sunday. */
  restDays: z.array(z.number().int()),
  holidays: z.array(z.object({ day: z.iso.date(), name: z.string() })),
})

/** The days on which an institution rests, and nobody is reminded of anything. */
export const calendarRoutes = routes('/units/:unit/calendar', (route) => {
  route.get(
    '/',
    can(manage, onInstitution),
    shows('organisation:calendar', calendarShown),
    async ({ unit, language }) => {
      const { restDays, holidays } = await calendarOf(unit._id)
      const named = { id: unit._id, name: nameIn(unit, language) }
      return { unit: named, restDays: [...restDays], holidays: [...holidays] }
    },
  )

  route.put(
    '/',
    can(manage, onInstitution),
    takes(calendarForm, { page: '/units/:unit/calendar' }),
    goesTo('/units/:unit/calendar', { said: 'organisation:calendar.changed' }),
    ({ actor, unit, form }) => changeCalendar(actor, unit, form),
  )
})
