import { z } from 'zod'
import type { ListFile } from '../../http/list-files.js'
import { listQuery, orderOf, pageOf, sortOf, toPage, windowOf } from '../../http/lists.js'
import { can, routes, shows } from '../../http/routes.js'
import type { Id } from '../../kernel/contract.js'
import { auditLog, firstBrokenLine } from '../people/audit.js'
import { peopleNamed } from '../people/people.js'
import { peopleFound } from './finding.js'
import { unitsNamed } from './units.js'

type AuditEntry = Awaited<ReturnType<typeof auditLog>>['entries'][number]

const auditShown = pageOf(
  z.object({
    id: z.string(),
    at: z.iso.datetime(),
    action: z.string(),
    actor: z.string(),
    object: z.string().nullable(),
    details: z.record(z.string(), z.string()),
  }),
).extend({
  /** What the ids among objects and details are called: people and units. */
  people: z.record(z.string(), z.string()),
  units: z.record(z.string(), z.string()),
  checked: z.boolean(),
  broken: z.string().nullable(),
})

const readAudit = 'people:read-audit'

const auditOrders = { at: { _id: 1 } } as const
const auditQuery = listQuery.extend({
  sort: sortOf(auditOrders),
  check: z.literal('seals').optional(),
})

type Shown = z.output<typeof auditShown>

const auditFile: ListFile<Shown['items'][number], Shown> = {
  name: 'organisation:audit.title',
  columns: [
    { label: 'organisation:audit.number', value: ({ id }) => id },
    { label: 'organisation:audit.when', kind: 'moment', value: ({ at }) => at },
    { label: 'organisation:audit.who', value: ({ actor }) => actor },
    {
      label: 'organisation:audit.action',
      value: ({ action }, { t }) => t(action.replace(':', ':actions.')),
    },
    {
      label: 'organisation:audit.object',
      value: ({ object }, _, { people, units }) =>
        object && (people[object] ?? units[object] ?? object),
    },
    {
      label: 'organisation:audit.details',
      value: ({ details }, { t }, { people, units }) =>
        Object.entries(details)
          .map(([key, said]) => {
            const called = t(`organisation:audit.keys.${key}`, { defaultValue: key })
            return `${called}: ${people[said] ?? units[said] ?? said}`
          })
          .join(' · '),
    },
  ],
}

export const auditRoutes = routes('/admin/audit', (route) => {
  route.get(
    '/',
    can(readAudit),
    shows('organisation:audit', auditShown, {
      query: auditQuery,
      file: auditFile,
    }),
    async ({ actor, language, query }) => {
      const { entries, total } = await auditLog(actor, {
        concerning: query.q ? await peopleFound(actor, readAudit, query.q) : undefined,
        order: orderOf(auditOrders, query.sort, '-at'),
        ...windowOf(query),
      })
      const broken = query.check ? await firstBrokenLine() : undefined
      const page = toPage(entries.map(lineShown), total, { path: '/admin/audit', query })
      const called = await names(entries, language)
      return { ...page, ...called, checked: query.check !== undefined, broken: broken ?? null }
    },
  )
})

const lineShown = ({ _id, at, action, actor, object, details }: AuditEntry) => ({
  id: _id,
  at: at.toISOString(),
  action,
  actor: actor.name,
  object: object ?? null,
  details: { ...details },
})

async function names(
  entries: readonly AuditEntry[],
  language: string,
): Promise<{ people: Record<Id, string>; units: Record<Id, string> }> {
  const ids = [...new Set(entries.flatMap(idsIn))]
  const [people, units] = await Promise.all([peopleNamed(ids), unitsNamed(ids, language)])
  return {
    people: Object.fromEntries([...people].map(([id, { name }]) => [id, name])),
    units: Object.fromEntries(units),
  }
}

const idsIn = ({ object, details }: AuditEntry): Id[] =>
  [object, details?.['person'], details?.['unit'], details?.['actedFor']].flatMap((id) =>
    id ? [id] : [],
  )
