import { createHmac } from 'node:crypto'
import type { Name } from '../kernel/contract.js'
import { isSame, keyFor } from './content-origin.js'

/** A value as a text for an address, which only we can have made, for this purpose. It can be read by anybody. */
export function signed(purpose: Name, value: unknown): string {
  const body = Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${body}.${signature(purpose, body)}`
}

/** The value of such a text; nothing for one that was not made by us, or for another purpose. */
export function opened(purpose: Name, token: string): unknown {
  const [body = '', given = ''] = token.split('.')
  if (!isSame(given, signature(purpose, body))) return undefined
  return JSON.parse(Buffer.from(body, 'base64url').toString())
}

const signature = (purpose: Name, body: string): string =>
  createHmac('sha256', keyFor(purpose)).update(body).digest('base64url')
