import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp, type App } from './app.js'
import type { Config } from './config.js'
import { allAnswered, drain, followAnswers } from './http/draining.js'
import { logger } from './kernel/logger.js'
import { startRealtime, stopRealtime } from './platform/realtime.js'
import { firstSteps, type FirstSteps } from './first-steps.js'

/** A Palier that answers requests. */
export interface Running {
  readonly app: App
  readonly port: number
  stop(): Promise<void>
}

/** Makes the program and lets it listen; what a first start needs (demo, first administrator) is done before. */
export async function run(config: Config, say: (line: string) => void): Promise<Running> {
  const app = await createApp(config)
  const first = await firstSteps(config, say)
  const server = createServer(app.handler)
  await startRealtime(server, { ...app, redisUrl: config.redisUrl })
  followAnswers(server)
  const port = await listen(server, config)
  for (const line of greeting(config, port, first)) say(line)
  return { app, port, stop: () => stop(server, app, config) }
}

/** Runs until it is told to stop. SIGTERM and SIGINT end it in order; a second one ends it at once. */
export async function startProcess(config: Config, say: (line: string) => void): Promise<void> {
  const running = await run(config, say)
  let stopping = false
  const end = (signal: string): void => {
    if (stopping) process.exit(1)
    stopping = true
    logger.info({ signal }, 'stopping')
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'could not stop in order')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
}

function listen(server: Server, { port, host }: Config): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', fail)
    server.listen(port, host, () => {
      server.off('error', fail)
      done((server.address() as AddressInfo).port)
    })
  })
}

/** Nobody is sent here any more; then no new requests, and those under way are answered; then jobs and the database. */
async function stop(server: Server, app: App, { drainSeconds }: Config): Promise<void> {
  await drain(drainSeconds)
  server.close()
  const closed = stopRealtime()
  await allAnswered()
  // A browser may hold a connection on which it has never asked for anything: it would be waited for for ever.
  server.closeAllConnections()
  await closed
  await app.close()
}

function greeting(config: Config, port: number, { demo, link }: FirstSteps): string[] {
  const address = config.publicUrl.replace(/:0$/, `:${port}`)
  return [
    '',
    `  Palier is ready at ${address}`,
    ...(demo
      ? ['', '  Demo accounts, password palier-demo:', ...demo.map((account) => `    ${account}`)]
      : []),
    ...(link ? ['', `  Create the first administrator (once): ${link}`] : []),
    '',
    `  Data is kept in ${config.dataDir}`,
    '',
  ]
}
