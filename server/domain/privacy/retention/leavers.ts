import type { QueryFilter } from 'mongoose'
import { z } from 'zod'
import type { ListFile } from '../../../http/list-files.js'
import {
  listQuery,
  orderOf,
  pageOf,
  sortOf,
  toPage,
  windowOf,
  type Page,
} from '../../../http/lists.js'
import type { Actor } from '../../../kernel/contract.js'
import { wordFilter } from '../../../platform/words.js'
import { visibleTo } from '../../organisation/scope.js'
import { countPeople, peopleWhere, type Person } from '../../people/people.js'
import type { Removable } from '../contract.js'
import { erase, eraseLeavers } from '../erasing.js'
import { monthsAgo } from './months.js'

/**
 * The accounts of those who left, with their training records: kept for good unless an institution says otherwise, and
 * five years at least, since somebody may come back or need a proof of what was learnt.
 */
export const leavers: Removable = {
  id: 'privacy:leavers',
  label: 'privacy:retention.leavers',
  model: 'people.Person',
  of: 'people',
  defaultMonths: null,
  minMonths: 60,
  due: ({ before, owners }) => ({ _id: { $in: owners }, ...leftBefore(before) }),
  remove: eraseLeavers,
}

const leaverOrders = { left: { leavesAt: 1, _id: 1 } } as const

export const leaversQuery = listQuery.extend({
  sort: sortOf(leaverOrders),
  months: z.coerce.number().int().min(0).max(600).default(24),
})

const leaver = z.object({ id: z.string(), name: z.string(), leftAt: z.iso.datetime() })

export const leaversShown = pageOf(leaver)

export const leaversFile: ListFile<z.output<typeof leaver>> = {
  name: 'privacy:leavers.title',
  columns: [
    { label: 'privacy:leavers.name', value: ({ name }) => name },
    { label: 'privacy:leavers.left', kind: 'moment', value: ({ leftAt }) => leftAt },
  ],
}

/** Those who left so many months ago, within the reach of whoever may erase them. */
export async function listLeavers(
  actor: Actor,
  query: z.output<typeof leaversQuery>,
): Promise<Page<z.input<typeof leaver>>> {
  const filter: QueryFilter<Person> = {
    $and: [
      visibleTo(actor, erase),
      leftBefore(monthsAgo(query.months)),
      ...(wordFilter(query.q).$and ?? []),
    ],
  }
  const [people, total] = await Promise.all([
    peopleWhere({
      filter,
      sort: orderOf(leaverOrders, query.sort, 'left'),
      fields: { name: 1, leavesAt: 1 },
      ...windowOf(query),
    }),
    countPeople(filter),
  ])
  return toPage(people.map(leaverShown), total, { path: '/admin/retention/leavers', query })
}

/** Who was erased, or became another account, has no such date any more. */
const leftBefore = (before: Date): QueryFilter<Person> => ({
  status: 'deactivated',
  leavesAt: { $lt: before },
})

const leaverShown = ({ _id, name, leavesAt }: Person) => ({
  id: _id,
  name,
  leftAt: leavesAt?.toISOString() ?? '',
})
