import { z } from 'zod'
import { NotFound } from '../errors.js'
import { contributions, enabledPlugins } from '../kernel/plugins.js'
import type { Name, Plugin } from '../kernel/contract.js'
import { databaseReady } from '../platform/database.js'
import { countJobRuns, jobRuns, replayJob, type JobRun } from '../platform/jobs.js'
import { mailGoesTo } from '../platform/mail.js'
import {
  countDeadDeliveries,
  countWaitingDeliveries,
  deadDeliveries,
  replayDelivery,
} from '../platform/outbox.js'
import { troubleNames, troubles } from '../platform/troubles.js'
import type { ListFile } from './list-files.js'
import { listQuery, orderOf, pageOf, sortOf, toPage, windowOf } from './lists.js'
import { can, goesTo, routes, shows, takes } from './routes.js'

const administer = can('platform:administer')

const pluginShown = z.object({
  id: z.string(),
  core: z.boolean(),
  requires: z.array(z.string()),
  enhances: z.array(z.string()),
  routes: z.array(z.object({ method: z.string(), path: z.string() })),
  contributes: z.record(z.string(), z.array(z.string())),
  listens: z.array(z.string()),
})
const pluginsShown = z.object({ plugins: z.array(pluginShown) })

const healthShown = z.object({
  troubles: z.array(
    z.object({
      name: z.enum(troubleNames),
      since: z.iso.datetime().nullable(),
      count: z.number().int().nullable(),
      bytes: z.number().nullable(),
    }),
  ),
  storeAnswers: z.boolean(),
  mailGoesTo: z.enum(['server', 'files']),
  waiting: z.number(),
  dead: z.array(
    z.object({
      id: z.string(),
      event: z.string(),
      listener: z.string(),
      error: z.string(),
      at: z.string(),
    }),
  ),
  deadTotal: z.number(),
  deadJobs: z.array(
    z.object({ id: z.string(), job: z.string(), error: z.string(), at: z.string() }),
  ),
})

const jobsShown = pageOf(
  z.object({
    id: z.string(),
    job: z.string(),
    status: z.enum(['waiting', 'done', 'dead']),
    tries: z.number(),
    dueAt: z.string(),
    endedAt: z.string().optional(),
    error: z.string().optional(),
  }),
)
const jobsFile: ListFile<z.output<typeof jobsShown>['items'][number]> = {
  name: 'core:admin.jobs',
  columns: [
    { label: 'core:admin.job', value: ({ job }) => job },
    { label: 'core:admin.status', value: ({ status }, { t }) => t(`core:admin.status-${status}`) },
    { label: 'core:admin.due', kind: 'moment', value: ({ dueAt }) => dueAt },
    { label: 'core:admin.ended', kind: 'moment', value: ({ endedAt }) => endedAt },
    { label: 'core:admin.tries', kind: 'number', value: ({ tries }) => tries },
    { label: 'core:admin.error', value: ({ error }) => error },
  ],
}

const jobOrders = { at: { dueAt: 1, _id: 1 } } as const
const jobsQuery = listQuery.extend({
  sort: sortOf(jobOrders),
  status: z.enum(['waiting', 'done', 'dead']).optional(),
})

const jobsNamed = (q: string): Name[] =>
  contributions('jobs').flatMap(({ id }) => (id.includes(q.toLowerCase()) ? [id] : []))

const replayed = goesTo('/admin/health', { said: 'core:admin.replayed' })

/** What those who run the machine look at: the live registry, what failed and can be replayed, what jobs did. */
export const adminRoutes = routes('/admin', (route) => {
  route.get('/plugins', administer, shows('admin:plugins', pluginsShown), () => ({
    plugins: enabledPlugins().map(pluginView),
  }))

  route.get('/health', administer, shows('admin:health', healthShown), health)

  route.get(
    '/jobs',
    administer,
    shows('admin:jobs', jobsShown, { query: jobsQuery, file: jobsFile }),
    async ({ query }) => {
      const filter = {
        ...(query.status && { status: query.status }),
        ...(query.q && { job: { $in: jobsNamed(query.q) } }),
      }
      const [runs, total] = await Promise.all([
        jobRuns(filter, { order: orderOf(jobOrders, query.sort, '-at'), ...windowOf(query) }),
        countJobRuns(filter),
      ])
      return toPage(runs.map(runView), total, { path: '/admin/jobs', query })
    },
  )

  route.post(
    '/deliveries/:delivery/replay',
    administer,
    takes(z.strictObject({})),
    replayed,
    async ({ params }) => {
      if (!(await replayDelivery(params.delivery ?? ''))) throw new NotFound()
    },
  )

  route.post(
    '/jobs/:run/replay',
    administer,
    takes(z.strictObject({})),
    replayed,
    async ({ params }) => {
      if (!(await replayJob(params.run ?? ''))) throw new NotFound()
    },
  )
})

async function health(): Promise<z.input<typeof healthShown>> {
  const [wrong, storeAnswers, waiting, dead, deadTotal, deadJobs] = await Promise.all([
    troubles(),
    databaseReady(),
    countWaitingDeliveries(),
    deadDeliveries(0, 50),
    countDeadDeliveries(),
    jobRuns({ status: 'dead' }, { skip: 0, limit: 50 }),
  ])
  return {
    troubles: wrong.map(({ name, since, count, bytes }) => ({
      name,
      since: since?.toISOString() ?? null,
      count: count ?? null,
      bytes: bytes ?? null,
    })),
    storeAnswers,
    mailGoesTo: mailGoesTo(),
    waiting,
    dead: dead.map(({ _id, event, listener, error = '', dueAt }) => ({
      id: _id,
      event,
      listener,
      error,
      at: dueAt.toISOString(),
    })),
    deadTotal,
    deadJobs: deadJobs.map(({ _id, job, error = '', dueAt }) => ({
      id: _id,
      job,
      error,
      at: dueAt.toISOString(),
    })),
  }
}

const runView = ({ _id, job, status, tries, dueAt, endedAt, error }: JobRun) => ({
  id: _id,
  job,
  status,
  tries,
  dueAt: dueAt.toISOString(),
  ...(endedAt && { endedAt: endedAt.toISOString() }),
  ...(error && { error }),
})

const coreFeatures = new Set([
  'platform',
  'people',
  'organisation',
  'competencies',
  'learning',
  'notifications',
])

function pluginView(plugin: Plugin): z.infer<typeof pluginShown> {
  return {
    id: plugin.id,
    core: coreFeatures.has(plugin.id),
    requires: [...(plugin.requires ?? [])],
    enhances: [...(plugin.enhances ?? [])],
    routes: (plugin.routes ?? []).flatMap(({ entries }) =>
      entries.map(({ method, path }) => ({ method, path })),
    ),
    contributes: Object.fromEntries(
      Object.entries(plugin.contributes ?? {}).map(([point, brought]) => [
        point,
        brought.map(nameOf),
      ]),
    ),
    listens: Object.keys(plugin.on ?? {}),
  }
}

/** Every contribution has one of these names; a panel is known by its view. */
function nameOf(brought: object): string {
  const { id, view, href, model } = brought as Partial<
    Record<'id' | 'view' | 'href' | 'model', string>
  >
  return id ?? view ?? href ?? model ?? ''
}
