import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

const registry = new Registry()
const registers = [registry]

const requests = new Histogram({
  name: 'palier_http_request_duration_seconds',
  help: 'Requests by the pattern of their route, with how long they took.',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10],
  registers,
})

const work = new Counter({
  name: 'palier_work_total',
  help: 'Tries of jobs and of deliveries of events: done, failed, or dead.',
  labelNames: ['what', 'name', 'outcome'],
  registers,
})

const roundTrips = new Counter({
  name: 'palier_store_round_trips_total',
  help: 'Times a connection to the database was used.',
  registers,
})

const queues = new Gauge({
  name: 'palier_queue_length',
  help: 'Jobs, deliveries of events and mails, waiting or dead. The same on every process of one database.',
  labelNames: ['queue', 'status'],
  registers,
})

const sockets = new Gauge({
  name: 'palier_sockets',
  help: 'Pages that listen to this process.',
  registers,
})

const build = new Gauge({
  name: 'palier_build_info',
  help: 'Always 1; the label says on which Node.',
  labelNames: ['node'],
  registers,
})

/** What is only known by asking, at the moment somebody reads the metrics. */
export interface Measured {
  readonly sockets: number
  readonly queues: readonly {
    readonly queue: string
    readonly status: 'waiting' | 'dead'
    readonly length: number
  }[]
}

let collecting = false

/** Begins to measure this process: event loop, memory, collections of garbage. A second time changes nothing. */
export function startMetrics(): void {
  build.set({ node: process.versions.node }, 1)
  if (collecting) return
  collecting = true
  collectDefaultMetrics({ register: registry })
}

/** Counts one answered request. `route` is a pattern: there are as many series as routes, never as addresses. */
export const countRequest = (
  labels: Readonly<Record<'method' | 'route' | 'status', string>>,
  seconds: number,
): void => requests.observe(labels, seconds)

/** Counts one try of a job or of a delivery. */
export const countWork = (
  what: 'job' | 'delivery',
  name: string,
  outcome: 'done' | 'failed' | 'dead',
): void => work.inc({ what, name, outcome })

/** Counts one use of a connection to the database. */
export const countRoundTrip = (): void => roundTrips.inc()

/** All there is, in Prometheus's text format. */
export async function metricsText(measured: Measured): Promise<string> {
  sockets.set(measured.sockets)
  for (const { queue, status, length } of measured.queues) queues.set({ queue, status }, length)
  return registry.metrics()
}

export const metricsType = registry.contentType
