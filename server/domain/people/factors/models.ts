import { Schema } from 'mongoose'
import type { Id } from '../../../kernel/contract.js'
import { defineModel } from '../../../platform/database.js'
import type { Role } from '../access.js'

/** An app that makes codes (RFC 6238). Its secret is sealed under a key that the database does not hold. */
export interface CodeApp {
  readonly sealed: string
  readonly since: Date
  /** The time step of the last code used: none of it or before is taken again. */
  readonly lastStep: number
}

/** A key that a device or a security key holds (WebAuthn). What is kept here opens nothing. */
export interface Passkey {
  readonly id: string
  readonly publicKey: string
  readonly counter: number
  readonly transports: readonly string[]
  readonly name: string
  readonly createdAt: Date
  readonly lastUsedAt?: Date
}

/** By what somebody proves who they are besides the password. `_id` is the person. */
export interface Factors {
  readonly _id: Id
  readonly app?: CodeApp
  /** An app shown, and not yet proven. */
  readonly pending?: { readonly sealed: string; readonly expiresAt: Date }
  readonly passkeys: readonly Passkey[]
  /** What a passkey is to sign next, once. */
  readonly challenge?: { readonly value: string; readonly expiresAt: Date }
  /** Hashes of the codes not used yet. */
  readonly recoveryCodes: readonly string[]
  /** Until when somebody who must have a second factor signs in without. */
  readonly graceUntil?: Date
}

const within = { _id: false }

const passkey = new Schema<Passkey>(
  {
    ...{ id: String, publicKey: String, counter: Number, transports: [String], name: String },
    ...{ createdAt: Date, lastUsedAt: Date },
  },
  within,
)

const factors = new Schema<Factors>({
  _id: { type: String, required: true },
  app: { type: new Schema({ sealed: String, since: Date, lastStep: Number }, within) },
  pending: { type: new Schema({ sealed: String, expiresAt: Date }, within) },
  passkeys: { type: [passkey], default: [] },
  challenge: { type: new Schema({ value: String, expiresAt: Date }, within) },
  recoveryCodes: { type: [String], default: [] },
  graceUntil: Date,
})

export const FactorsModel = defineModel<Factors>('people.Factors', factors)

/** Who must have a second factor in an institution, which is its `_id`. */
export interface FactorRule {
  readonly _id: Id
  readonly roles: readonly Role[]
  /** Days to set one up, from the first sign-in after it is asked for. */
  readonly graceDays: number
}

const rules = new Schema<FactorRule>({
  _id: { type: String, required: true },
  roles: { type: [String], default: [] },
  graceDays: { type: Number, required: true },
})

export const FactorRuleModel = defineModel<FactorRule>('people.FactorRule', rules)
