import { createHash } from 'node:crypto'

/** How a secret of 256 bits, or a key that is only compared, is kept: a hash that can be looked up. Not for passwords. */
export const hashOf = (text: string): string =>
  createHash('sha256').update(text).digest('base64url')
