import type { Request, RequestHandler, Response } from 'express'
import { Buffer } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import type { Config } from '../config.js'

/** Nothing a course in the frame needs is named here: the app's policy wins over the frame's. */
const permissionsOff = 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), unload=*'

/** A CSP source for the content hosts, of the one label a package has. */
export const contentSource = ({ contentUrl }: Config): string => contentUrl.replace(/\/$/, '')

/** Security headers of the application's origin (OWASP Secure Headers). Sets `res.locals.nonce`. */
export function appHeaders(config: Config): RequestHandler {
  const https = config.publicUrl.startsWith('https:')
  const socket = config.publicUrl.replace(/^http/, 'ws')
  return (_req, res, next) => {
    const nonce = Buffer.from(randomBytes(16)).toString('base64url')
    res.locals.nonce = nonce
    res.set({
      'Content-Security-Policy': [
        "default-src 'none'",
        "script-src 'self'",
        `style-src 'self' 'nonce-${nonce}'`,
        "img-src 'self' data:",
        "media-src 'self'",
        "font-src 'self'",
        `connect-src 'self' ${socket}`,
        `frame-src 'self' ${contentSource(config)}`,
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
      ].join('; '),
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Referrer-Policy': 'same-origin',
      'Permissions-Policy': permissionsOff,
    })
    if (https) res.set('Strict-Transport-Security', 'max-age=31536000; includeSubDomains')
    next()
  }
}

/** Security headers of the content origin: uploaded courses may run there, and reach nothing else. */
export function contentHeaders(config: Config): RequestHandler {
  return (_req, res, next) => {
    res.set({
      'Content-Security-Policy': [
        "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        `frame-ancestors 'self' ${config.publicUrl}`,
      ].join('; '),
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Origin-Agent-Cluster': '?1',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Permissions-Policy': permissionsOff,
    })
    next()
  }
}

/** Whether the answer should be JSON: asked for by name, or the request itself is a program's. */
export function wantsJson(req: Request): boolean {
  if (req.get('turbo-frame')) return false
  if (req.get('authorization') && !req.get('accept')?.includes('text/html')) return true
  return req.accepts(['html', 'json']) === 'json' || Boolean(req.is('application/json'))
}

/** What a signed-in person sees is nobody else's to keep. */
export function neverCache(res: Response): void {
  res.set('Cache-Control', 'no-store')
}
