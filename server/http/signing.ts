import { createHmac, timingSafeEqual } from 'node:crypto'
import { NotFound } from '../errors.js'
import type { Name } from '../kernel/contract.js'
import { keyFor } from './content-origin.js'

/** A value as a text for an address, which only we can have made, for this purpose. It can be read by anybody. */
export function signed(purpose: Name, value: unknown): string {
  const body = Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${body}.${signature(purpose, body)}`
}

/** The value of such a text. Throws `NotFound` for one that was not made by us, or for another purpose. */
export function opened(purpose: Name, token: string): unknown {
  const [body = '', given = ''] = token.split('.')
  const [wanted, said] = [Buffer.from(signature(purpose, body)), Buffer.from(given)]
  if (wanted.length !== said.length || !timingSafeEqual(wanted, said)) throw new NotFound()
  return JSON.parse(Buffer.from(body, 'base64url').toString())
}

const signature = (purpose: Name, body: string): string =>
  createHmac('sha256', keyFor(purpose)).update(body).digest('base64url')
