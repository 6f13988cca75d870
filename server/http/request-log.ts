import { randomUUID } from 'node:crypto'
import type { Request, RequestHandler } from 'express'
import { logger, loggedAs } from '../kernel/logger.js'
import { countRequest } from '../platform/metrics.js'

/** Gives each request an id, named in every error and log line, and writes one line once it is answered. */
export const logRequests = (): RequestHandler => (req, res, next) => {
  const requestId = randomUUID()
  const began = performance.now()
  res.locals.requestId = requestId
  res.set('X-Request-Id', requestId)
  res.once('close', () => {
    const ms = Math.round(performance.now() - began)
    countRequest(
      { method: req.method, route: routeOf(req), status: String(res.statusCode) },
      ms / 1000,
    )
    const { method } = req
    const line = { requestId, method, route: routeOf(req), status: res.statusCode, ms }
    logger[levelOf(line.route)]({ ...line, ...(!res.writableFinished && { cut: true }) }, 'request')
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
