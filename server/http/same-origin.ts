import type { Request } from 'express'
import { Forbidden } from '../errors.js'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Where a request says it comes from: its own site, another, or nothing said. */
type Provenance = 'same' | 'other' | 'unsaid'

/**
 * Refuses an unsafe request that rides on the session from elsewhere (403 `core:cross-site`).
 * Fetch Metadata decides, else `Origin`; with the cookie and neither of them it is refused (OWASP CSRF cheat sheet).
 */
export function refuseCrossSite(req: Request, ownOrigin: string, withCookie: boolean): void {
  if (safeMethods.has(req.method)) return
  const provenance = provenanceOf(req, ownOrigin)
  if (provenance === 'same') return
  if (provenance === 'unsaid' && !withCookie) return
  throw new Forbidden('core:cross-site')
}

function provenanceOf(req: Request, ownOrigin: string): Provenance {
  const site = req.get('sec-fetch-site')
  if (site) return site === 'same-origin' ? 'same' : 'other'
  const origin = req.get('origin')
  if (origin) return origin === ownOrigin ? 'same' : 'other'
  return 'unsaid'
}

/** A path of this site to go on to; anything else, however written, is the home page. */
export function localPath(path: string | undefined): string {
  if (!path?.startsWith('/')) return '/'
  const base = 'http://here.invalid'
  const url = URL.canParse(path, base) ? new URL(path, base) : undefined
  return url?.origin === base && !path.startsWith('//') ? `${url.pathname}${url.search}` : '/'
}
