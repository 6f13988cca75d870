import type { z } from 'zod'
import { orderOf, toPage, windowOf } from '../../http/lists.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { pageAndTotal } from '../../platform/totals.js'
import { openCourseChoices } from '../learning/catalogue.js'
import { peopleFound } from '../organisation/finding.js'
import { scopeOf } from '../organisation/scope.js'
import { unitById } from '../organisation/units.js'
import { may } from '../people/access.js'
import { obligationOrders, type LateQuery } from './forms.js'
import { ObligationModel } from './models.js'
import { obligationLines } from './obligations.js'
import { assignableUnits } from './pages.js'
import type { lateShown } from './shown.js'
import { assign } from './subjects.js'

/** A page of those within reach who are late, of a unit or course if asked for; whoever is late longest comes first. */
export async function latePage(actor: Actor, query: LateQuery): Promise<z.input<typeof lateShown>> {
  const filter = await lateFilter(actor, query)
  const sort = orderOf(obligationOrders, query.sort, 'due')
  const [{ found, total }, units, courses] = await Promise.all([
    pageAndTotal(ObligationModel, filter, { sort, ...windowOf(query) }),
    assignableUnits(actor),
    openCourseChoices(actor),
  ])
  const lines = await obligationLines(actor, found)
  return { ...toPage(lines, total, { path: '/late', query }), units, courses }
}

/** The unit comes first, so that the list follows an index; whoever may not be seen is left out of the lines as well. */
async function lateFilter(actor: Actor, { unit, course, q }: LateQuery): Promise<object> {
  return {
    ...(await within(actor, unit)),
    status: 'open',
    dueAt: { $lt: thisMinute() },
    ...(course && { course }),
    ...(q && { person: { $in: await peopleFound(actor, assign, q) } }),
  }
}

/** Within a minute the filter stays the same, and its total is found again. */
const thisMinute = (): Date => new Date(Math.floor(Number(now()) / 60_000) * 60_000)

async function within(actor: Actor, unit: Id | undefined): Promise<object> {
  const { everything, units, reportsOf } = scopeOf(actor, assign)
  if (unit) {
    const reached = everything || may(actor, assign, { units: (await unitById(unit)).units })
    return { units: unit, ...(!reached && { manager: oneOf(reportsOf) }) }
  }
  if (everything) return {}
  return units.length > 0 ? { units: oneOf(units) } : { manager: oneOf(reportsOf) }
}

/** One value is matched as itself: then the list is in the order of the index. */
const oneOf = (ids: readonly Id[]): Id | { $in: Id[] } =>
  ids.length === 1 && ids[0] !== undefined ? ids[0] : { $in: [...ids] }
