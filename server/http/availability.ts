import type { RequestHandler } from 'express'
import { Unavailable } from '../errors.js'
import { databaseIsDown, databaseReady } from '../platform/database.js'
import { isDraining } from './draining.js'

/** Seconds after which asking again makes sense: the store is back by then, or its start has failed. */
const retryAfter = 3

/** Answers at once while the embedded store is being started again, where a request would wait for a time-out. */
export const onlyWithDatabase: RequestHandler = (_req, _res, next) => {
  if (databaseIsDown()) {
    throw new Unavailable('core:store-unavailable', { members: { retryAfter } })
  }
  next()
}

/** Tells a load balancer whether requests should be sent here. */
export const readiness: RequestHandler = async (_req, res) => {
  const status = isDraining() ? 'stopping' : (await databaseReady()) ? 'ready' : 'store-unavailable'
  res.status(status === 'ready' ? 200 : 503).json({ status })
}

const lost = /^Mongo(Network|ServerSelection|PoolCleared|NotConnected|TopologyClosed)/
const diskFull = 14031

/** What a person is told where the database failed a request; nothing where it did not. */
export function databaseFailure(error: unknown): Unavailable | undefined {
  const { name = '', code } = error as { name?: string; code?: unknown }
  if (lost.test(name)) return new Unavailable('core:store-unavailable')
  if (code === diskFull) return new Unavailable('core:disk-full')
  return undefined
}
