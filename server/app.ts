import { ServerResponse, type IncomingMessage } from 'node:http'
import compression from 'compression'
import express, { type Express, type Request, type RequestHandler, type Response } from 'express'
import type { Config } from './config.js'
import { may } from './domain/people/access.js'
import { authenticate, sessionCookie, useSessions } from './domain/people/authentication.js'
import { useLinks } from './domain/people/links.js'
import { lookThrough } from './domain/support/looking.js'
import { letPass } from './domain/support/refusing.js'
import { lookFor } from './domain/organisation/settings/looks.js'
import { loadAssets, serveAssets } from './http/assets.js'
import { servePackageFiles, useContentHosts } from './http/content-origin.js'
import { metrics } from './http/metrics-route.js'
import { onlyWithDatabase, readiness } from './http/availability.js'
import { adminRoutes } from './http/admin-routes.js'
import { appHeaders, contentHeaders } from './http/headers.js'
import { byHost, isAppHost } from './http/hosts.js'
import { nothingHere, onError } from './http/on-error.js'
import { apiRoutes, homeRoutes } from './http/own-routes.js'
import { logRequests } from './http/request-log.js'
import { searchRoutes } from './http/search-routes.js'
import { mountRoutes, visitor, type Borrowed } from './http/pipeline.js'
import { refuseCrossSite } from './http/same-origin.js'
import { plainLook } from './http/shell.js'
import { prepareUploads } from './http/uploads.js'
import { addViews, importViews, loadViews } from './http/views.js'
import type { Actor, Plugin, Routes } from './kernel/contract.js'
import { logger } from './kernel/logger.js'
import { inLoadOrder } from './kernel/order.js'
import { enable } from './kernel/plugins.js'
import { loadFeatures, type LoadedFeature } from './load.js'
import { closeDatabase, connectDatabase, ensureIndexes } from './platform/database.js'
import { loadCatalogues } from './platform/i18n.js'
import { deliverMail, closeMail, useMail } from './platform/mail.js'
import { platformRetention } from './platform/retention.js'
import { startMetrics } from './platform/metrics.js'
import { findMigrations, migrate } from './platform/migrations.js'
import { startDeliveries, stopDeliveries } from './platform/outbox.js'
import { startJobs, stopJobs } from './platform/jobs.js'
import { startSweeper, stopSweeper } from './platform/owed.js'
import { useStorage } from './platform/storage.js'
import { talliesSettled } from './platform/tallies.js'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { definePlugin } from './kernel/contract.js'

/** The one running Palier of a process. */
export interface App {
  readonly handler: Express
  readonly plugins: readonly Plugin[]
  readonly tables: readonly Routes[]
  /** Who a socket's handshake belongs to. */
  identify(request: IncomingMessage): Promise<Actor | undefined>
  isOwnOrigin(origin: string | undefined, host: string | undefined): boolean
  close(): Promise<void>
}

/** What the platform itself brings: it has no folder among the features. */
const platform = definePlugin({
  id: 'platform',
  routes: [homeRoutes, searchRoutes, adminRoutes],
  contributes: {
    jobs: [deliverMail],
    retention: platformRetention,
    permissions: [{ id: 'platform:administer', roles: ['administrator'] }],
    nav: [
      {
        label: 'core:admin.plugins',
        href: '/admin/plugins',
        icon: 'puzzle',
        needs: 'platform:administer',
        order: 280,
        group: 'admin',
      },
      {
        label: 'core:admin.health',
        href: '/admin/health',
        icon: 'heart-pulse',
        needs: 'platform:administer',
        order: 290,
        group: 'admin',
      },
    ],
  },
})

let live: App | undefined

/** Makes the running program of its parts. A second one in a process throws until the first is closed. */
export async function createApp(config: Config): Promise<App> {
  if (live) throw new Error('Palier is running already in this process')
  logger.level = config.logLevel
  startMetrics()
  const features = await loadFeatures(config)
  const plugins = [platform, ...inLoadOrder(features.map(({ plugin }) => plugin))]
  enable(plugins)
  await prepare(config, features)
  try {
    await openDatabase(config, features)
    live = await assemble(config, plugins)
    return live
  } catch (error) {
    await closeDatabase()
    enable([])
    throw error
  }
}

async function prepare(config: Config, features: readonly LoadedFeature[]): Promise<void> {
  useContentHosts(config)
  useMail(config)
  useLinks(config)
  loadAssets()
  await loadViews(features)
  for (const { path } of features) {
    if (existsSync(join(path, 'views.js'))) addViews(await importViews(join(path, 'views.js')))
  }
  await loadCatalogues(features)
  await useStorage(config)
  await prepareUploads(config.dataDir)
}

async function openDatabase(config: Config, features: readonly LoadedFeature[]): Promise<void> {
  await connectDatabase(config)
  const ran = await migrate(await findMigrations(features))
  if (ran.length > 0) logger.info({ migrations: ran }, 'migrations ran')
  await ensureIndexes()
  useSessions(config)
}

async function assemble(config: Config, plugins: readonly Plugin[]): Promise<App> {
  const tables: Routes[] = plugins.flatMap(({ routes }) => [...(routes ?? [])])
  tables.push(apiRoutes(() => tables.filter(({ host }) => host === 'app'), config.publicUrl))
  const handler = hostsOf(config, tables)
  const started: Plugin[] = []
  for (const plugin of plugins) {
    await plugin.start?.()
    started.push(plugin)
  }
  startSweeper()
  startDeliveries()
  await startJobs()
  return { handler, plugins, tables, ...socketSide(config, handler), close: () => close(started) }
}

/** Backwards: what was started last ends first, the database last of all. */
async function close(started: readonly Plugin[]): Promise<void> {
  await stopJobs()
  await stopSweeper()
  await stopDeliveries()
  for (const plugin of started.toReversed()) await plugin.stop?.()
  closeMail()
  await talliesSettled()
  await closeDatabase()
  enable([])
  live = undefined
}

function hostsOf(config: Config, tables: readonly Routes[]): Express {
  const handler = express()
  handler
    .disable('x-powered-by')
    .set('trust proxy', config.trustProxy)
    .set('query parser', 'simple')
  handler.use(logRequests())
  handler.use(
    byHost(config, { app: appHost(config, tables), content: contentHost(config, tables) }),
  )
  handler.use(onError)
  return handler
}

function appHost(config: Config, tables: readonly Routes[]): Express {
  const app = hostApp(config)
  app.use(appHeaders(config))
  if (config.trustProxy === 0) app.use(compression())
  app.get('/health', (_req, res) => void res.json({ status: 'ok' }))
  app.get('/ready', readiness)
  app.get('/metrics', metrics(config))
  app.use('/assets', serveAssets())
  app.use(onlyWithDatabase, ownRequestsOnly(config), overriddenMethod)
  const borrowed: Borrowed = { authenticate: whoLooks, may, lookFor, letPass }
  app.use(visitor(borrowed))
  mountRoutes(
    app,
    tables.filter(({ host }) => host === 'app'),
    borrowed,
  )
  app.use(nothingHere)
  app.use(onError)
  return app
}

const whoLooks: Borrowed['authenticate'] = async (req, res) =>
  lookThrough(await authenticate(req, res))

/** No session is ever read here: what runs on this host is not ours. */
function contentHost(config: Config, tables: readonly Routes[]): Express {
  const app = hostApp(config)
  const nobody: Borrowed = {
    authenticate: async () => undefined,
    may,
    lookFor: async () => plainLook,
    letPass: async () => undefined,
  }
  app.use(contentHeaders(config))
  app.use('/assets', serveAssets())
  app.get('/c/:capability/files/*path', servePackageFiles())
  app.use(onlyWithDatabase)
  app.use(visitor(nobody))
  mountRoutes(
    app,
    tables.filter(({ host }) => host === 'content'),
    nobody,
  )
  app.use(nothingHere)
  app.use(onError)
  return app
}

function hostApp(config: Config): Express {
  const app = express()
  return app
    .disable('x-powered-by')
    .set('trust proxy', config.trustProxy)
    .set('query parser', 'simple')
}

function ownRequestsOnly(config: Config): RequestHandler {
  return (req, _res, next) => {
    const withCookie = Boolean(req.headers.cookie?.includes(`${sessionCookie()}=`))
    if (req.get('authorization') === undefined)
      refuseCrossSite(req, ownOrigin(config, req), withCookie)
    next()
  }
}

const ownOrigin = (config: Config, { headers, protocol }: Request): string =>
  config.production ? config.publicUrl : `${protocol}://${headers.host ?? ''}`

/** A form can only post: `?_method=patch` says what it means. */
const overriddenMethod: RequestHandler = (req, _res, next) => {
  const wanted = req.method === 'POST' ? req.query._method : undefined
  if (typeof wanted === 'string' && /^(patch|put|delete)$/.test(wanted))
    req.method = wanted.toUpperCase()
  next()
}

function socketSide(config: Config, app: Express): Pick<App, 'identify' | 'isOwnOrigin'> {
  return {
    isOwnOrigin: (origin, host = '') =>
      isAppHost(host, config) && (origin === undefined || new URL(origin).host === host),
    identify: async (raw) => {
      const req = Object.setPrototypeOf(raw, app.request) as Request
      const res = Object.setPrototypeOf(new ServerResponse(raw), app.response) as Response
      const actor = await authenticate(req, res)
      // A socket would tell whoever looks what the person is told, and the person's pages that somebody is there.
      return actor?.supportView ? undefined : actor
    },
  }
}
