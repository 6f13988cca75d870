import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Request, RequestHandler } from 'express'
import type { Config } from '../config.js'
import { AppError, Forbidden, NotFound } from '../errors.js'
import type { Id, Name } from '../kernel/contract.js'
import { now } from '../platform/clock.js'
import { storage } from '../platform/storage.js'
import { isActiveName, mediaTypeOf } from './media-types.js'

const lifetime = 8 * 3_600_000
let config: Config

/** Sets which hosts serve uploaded content, and the key their addresses are signed with. */
export function useContentHosts(given: Config): void {
  config = given
}

/** Scheme, host and port of Palier's own pages, as pages on the content hosts must know it. */
export const publicUrl = (): string => new URL(config.publicUrl).origin

/** A key of a plugin's own, for the tokens it signs: nobody else's tokens fit it. */
export const keyFor = (purpose: Name): Buffer =>
  createHmac('sha256', config.sessionSecret).update(`key\0${purpose}`).digest()

/** Whose eyes a content address is for, and which package it opens. */
export interface Capability {
  readonly person: Id
  /** Package version as learning knows it. */
  readonly version: Id
  /** Folder of its files in the storage. */
  readonly hash: string
}

/** The address under which one person reads one package: its own host, a path that expires in eight hours. */
export function contentUrlFor(capability: Capability): { origin: string; base: string } {
  const origin = config.contentUrl.replace('*', labelOf(capability))
  return { origin, base: `${origin}/c/${sign(capability)}` }
}

/** Reads a capability back. Throws `NotFound` when it was forged, has expired or belongs to another host. */
export function capabilityOf(text: string): Capability {
  const [body = '', signature = ''] = text.split('.')
  if (!body || !isSame(signature, hmac('capability', body))) throw new NotFound()
  const [person, version, hash, expires] = JSON.parse(
    Buffer.from(body, 'base64url').toString('utf8'),
  ) as [Id, Id, string, number]
  if (expires < now().getTime()) throw new NotFound('core:content-expired')
  return { person, version, hash }
}

/** Whether a request came to a content host. */
export function isContentHost(host: string): boolean {
  const pattern = new URL(config.contentUrl.replace('*.', 'label.')).host.replace('label.', '')
  return config.contentUrl.includes('*.')
    ? host.endsWith(`.${pattern}`) && !host.slice(0, -pattern.length - 1).includes('.')
    : host === pattern
}

/** `GET /c/<capability>/files/<path>`: one file of one package, never a script of ours, never a list. */
export function servePackageFiles(): RequestHandler {
  return async (req, res) => {
    refuseServiceWorker(req)
    const capability = capabilityOf(String(req.params.capability))
    refuseOtherLabel(req, capability)
    const path = pathOf(req)
    const file = await storage.openPackageFile(capability.hash, path, req.get('range'))
    if (!file) throw new NotFound()
    const type = mediaTypeOf(path)
    res.status(file.range ? 206 : 200)
    res.set({
      'Content-Type': type,
      'Content-Length': String(file.length),
      'Accept-Ranges': 'bytes',
      'Cache-Control': 'private, max-age=28800',
      ...(file.range && {
        'Content-Range': `bytes ${file.range.start}-${file.range.end}/${file.size}`,
      }),
      ...(type === 'application/octet-stream' && { 'Content-Disposition': 'attachment' }),
    })
    if (req.method === 'HEAD') {
      res.end()
      return
    }
    file
      .stream()
      .on('error', () => res.destroy())
      .pipe(res)
  }
}

/** One label per person and package, so that neither storage nor workers are shared between two of them. */
const labelOf = ({ version, person }: Capability): string =>
  base32(
    createHmac('sha256', config.sessionSecret).update(`label\0${version}\0${person}`).digest(),
  ).slice(0, 32)

function sign({ person, version, hash }: Capability): string {
  const expires = now().getTime() + lifetime
  const body = Buffer.from(JSON.stringify([person, version, hash, expires])).toString('base64url')
  return `${body}.${hmac('capability', body)}`
}

const hmac = (purpose: string, text: string): string =>
  createHmac('sha256', config.sessionSecret).update(`${purpose}\0${text}`).digest('base64url')

/** Whether two texts are the same, without telling by the time it takes how far they agree. */
export function isSame(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}

function refuseServiceWorker(req: Request): void {
  if (req.get('service-worker') === 'script') throw new Forbidden('core:no-service-worker')
}

/** A link opened on another package's host would share that package's storage. */
function refuseOtherLabel(req: Request, capability: Capability): void {
  if (!config.contentUrl.includes('*.')) return
  if (req.headers.host?.split('.')[0] !== labelOf(capability)) throw new NotFound()
}

function pathOf(req: Request): string {
  const parts = req.params.path as unknown as string[]
  const path = Array.isArray(parts) ? parts.join('/') : String(parts)
  if (path.split('/').some((part) => part.startsWith('.')) || isActiveName(path))
    throw new NotFound()
  if (path.includes('\0')) throw new AppError(400, 'core:unreadable')
  return path
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

/** RFC 4648 §6, lower case, as a host name wants it. */
function base32(bytes: Uint8Array): string {
  let bits = ''
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0')
  return (bits.match(/.{5}/g) ?? []).map((five) => alphabet[Number.parseInt(five, 2)]).join('')
}
