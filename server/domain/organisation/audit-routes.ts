import { z } from 'zod'
import { listQuery, pageOf, toPage, windowOf } from '../../http/lists.js'
import { can, routes, shows } from '../../http/routes.js'
import type { Id } from '../../kernel/contract.js'
import { auditLog, firstBrokenLine } from '../people/audit.js'
import { peopleNamed } from '../people/people.js'
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

export const auditRoutes = routes('/admin/audit', (route) => {
  route.get(
    '/',
    can('people:read-audit'),
    shows('organisation:audit', auditShown, {
      query: listQuery.extend({ check: z.literal('seals').optional() }),
    }),
    async ({ actor, language, query }) => {
      const { entries, total } = await auditLog(actor, windowOf(query))
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
