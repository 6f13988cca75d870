import { randomUUID } from 'node:crypto'
import type { Request, RequestHandler } from 'express'
import { logger, loggedAs } from '../kernel/logger.js'
import { requestBegan } from '../platform/giving-way.js'
import { countRequest } from '../platform/metrics.js'

/** Gives each request an id, named in every error and log line, and writes one line once it is answered. */
export const logRequests = (): RequestHandler => (req, res, next) => {
  const requestId = randomUUID()
  const began = performance.now()
  const ended = requestBegan()
  res.locals.requestId = requestId
  res.set('X-Request-Id', requestId)
  res.once('close', () => {
    ended()
    const ms = Math.round(performance.now() - began)
    const route = routeOf(req)
    const { method } = req
    const { statusCode: status } = res
    countRequest({ method, route, status: String(status) }, ms / 1000)
    const cut = !res.writableFinished && { cut: true }
    logger[levelOf(route)]({ requestId, method, route, status, ms, ...cut }, 'request')
  })
  loggedAs({ requestId }, next)
}

/** The pattern that answered, never the address: an address carries tokens, names, what was searched for. */
export function routeOf({ route, baseUrl }: Request): string {
  const pattern = (route as { path?: unknown } | undefined)?.path
  if (typeof pattern === 'string') return pattern
  return baseUrl === '/assets' ? '/assets' : 'none'
}

/** What pages bring along and machines ask all day is told only to those who look closely. */
const levelOf = (route: string): 'debug' | 'info' =>
  ['/assets', '/health', '/ready', '/metrics'].includes(route) ? 'debug' : 'info'
