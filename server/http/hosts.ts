import type { RequestHandler } from 'express'
import { isLoopback, type Config } from '../config.js'
import { AppError } from '../errors.js'
import { isContentHost } from './content-origin.js'

/** Whether this is the application's own host; outside production every address of this machine is, and `localhost`. */
export function isAppHost(host: string, config: Config): boolean {
  if (host === new URL(config.publicUrl).host) return true
  if (config.production) return false
  const name = host.replace(/:\d+$/, '')
  return isLoopback(name) && !name.endsWith('.localhost')
}

/** Sends a request to the content host's routes or the application's; an unknown host gets 421 (RFC 9110 §15.5.20). */
export function byHost(
  config: Config,
  hosts: { readonly app: RequestHandler; readonly content: RequestHandler },
): RequestHandler {
  return (req, res, next) => {
    const host = req.headers.host ?? ''
    if (isContentHost(host)) return hosts.content(req, res, next)
    if (isAppHost(host, config)) return hosts.app(req, res, next)
    if (['/health', '/ready', '/metrics'].includes(req.path)) return hosts.app(req, res, next)
    throw new AppError(421, 'core:unknown-host')
  }
}
