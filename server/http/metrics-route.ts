import { createHash, timingSafeEqual } from 'node:crypto'
import type { Request, RequestHandler } from 'express'
import type { Config } from '../config.js'
import { isLoopback } from '../config.js'
import { NotFound } from '../errors.js'
import { countJobRuns } from '../platform/jobs.js'
import { deliverMail } from '../platform/mail.js'
import { metricsText, metricsType } from '../platform/metrics.js'
import { countDeadDeliveries, countWaitingDeliveries } from '../platform/outbox.js'
import { countSockets } from '../platform/realtime.js'

/**
 * Answers Prometheus: who knows `METRICS_TOKEN`, or, where there is none, a program on this machine that came through no
 * proxy. Everybody else gets 404, as if there were nothing.
 */
export const metrics =
  ({ metricsToken }: Config): RequestHandler =>
  async (req, res) => {
    if (metricsToken ? !knows(req, metricsToken) : !isFromHere(req)) throw new NotFound()
    res.set('Cache-Control', 'no-store').type(metricsType)
    res.send(await metricsText({ sockets: countSockets(), queues: await queues() }))
  }

async function queues() {
  const [jobs, mails, deadJobs, deliveries, deadDeliveries] = await Promise.all([
    countJobRuns({ status: 'waiting' }),
    countJobRuns({ status: 'waiting', job: deliverMail.id }),
    countJobRuns({ status: 'dead' }),
    countWaitingDeliveries(),
    countDeadDeliveries(),
  ])
  return [
    { queue: 'jobs', status: 'waiting', length: jobs },
    { queue: 'jobs', status: 'dead', length: deadJobs },
    { queue: 'mails', status: 'waiting', length: mails },
    { queue: 'deliveries', status: 'waiting', length: deliveries },
    { queue: 'deliveries', status: 'dead', length: deadDeliveries },
  ] as const
}

function knows(req: Request, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(req.get('authorization') ?? ''), digest(`Bearer ${token}`))
}

/** A proxy on this machine passes on what comes from the world: it says so in a header. */
function isFromHere({ socket, headers }: Request): boolean {
  const { remoteAddress = '' } = socket
  const passedOn = ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'].some(
    (name) => name in headers,
  )
  return !passedOn && isLoopback(remoteAddress.replace('::ffff:', ''))
}
