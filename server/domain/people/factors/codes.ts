import { createHmac } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { keyFor } from '../../../http/content-origin.js'
import type { Id } from '../../../kernel/contract.js'
import { now } from '../../../platform/clock.js'
import { typedSecret } from '../typed-secrets.js'

const period = 30
const recoveryCodes = 10

/** A secret for an app, as apps have it typed: base 32, 160 bits. */
export const newAppSecret = (): string => new Secret({ size: 20 }).base32

/** The address by which an app takes a secret over, as its QR code says it. */
export const appAddress = (secret: string, account: string): string =>
  appOf(secret, account).toString()

/** The time step a code is of: this one, the one before or the next (RFC 6238 §5.2). Nothing where it is none of them. */
export function stepOf(secret: string, code: string): number | undefined {
  const at = Number(now())
  const delta = appOf(secret, '').validate({ token: code, timestamp: at, window: 1 })
  return delta === null ? undefined : Math.floor(at / 1000 / period) + delta
}

/** Ten codes for the day when the phone is lost. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: recoveryCodes }, () => typedSecret())

/** How a recovery code is kept: under a key that the database does not hold, and for one person alone. */
export const recoveryHash = (person: Id, code: string): string =>
  createHmac('sha256', keyFor('people:recovery-codes'))
    .update(`${person}\0${code.toLowerCase().replace(/[^a-z0-9]/g, '')}`)
    .digest('base64url')

const appOf = (secret: string, label: string): TOTP =>
  new TOTP({ issuer: 'Palier', label, period, digits: 6, secret: Secret.fromBase32(secret) })
