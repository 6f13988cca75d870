import { Schema } from 'mongoose'
import type { Id } from '../../kernel/contract.js'
import { defineModel } from '../../platform/database.js'
import type { Grant, Role } from './access.js'

export type Theme = 'system' | 'light' | 'dark'
export type PersonStatus = 'invited' | 'active' | 'deactivated'

/** An account and the person behind it. */
export interface Person {
  readonly _id: Id
  /** As it is shown: given name, then family name. */
  name: string
  givenName: string
  familyName: string
  /** Lower case; what one signs in with. Who has none signs in by staff number. */
  email?: string
  /** Unique within the institution. */
  staffNumber?: string
  language: string
  theme: Theme
  timeZone: string
  status: PersonStatus
  /** When the account is deactivated, or was. */
  leavesAt?: Date
  passwordHash?: string
  /** From a printed letter, until a password is chosen. */
  firstPassword?: { readonly hash: string; readonly expiresAt: Date }
  /** Own unit and its ancestors; kept by organisation, as are the next three. */
  units: Id[]
  unit?: Id
  institution?: Id
  manager?: Id | null
  /** Folded beginnings of words, for the search. */
  words: string[]
  /** What two accounts of one person are likely to share: see `likeness.ts`. */
  likeness?: string[]
  /** While it is to be compared with others, since it is new or called otherwise than before. */
  uncompared?: boolean
  /** The account that stays, where this one was merged into it. It is closed for good then. */
  mergedInto?: Id
  /** Notifications not yet read. */
  unread: number
  lastSignInAt?: Date
  createdAt: Date
}

const uniqueWhereGiven = (field: keyof Person) => ({
  unique: true,
  partialFilterExpression: { [field]: { $exists: true } },
})

const people = new Schema<Person>({
  _id: { type: String, required: true },
  name: { type: String, required: true },
  givenName: { type: String, required: true },
  familyName: { type: String, required: true },
  email: String,
  staffNumber: String,
  language: { type: String, required: true },
  theme: { type: String, default: 'system' },
  timeZone: { type: String, default: 'UTC' },
  status: { type: String, required: true },
  leavesAt: Date,
  passwordHash: String,
  firstPassword: { type: new Schema({ hash: String, expiresAt: Date }, { _id: false }) },
  units: { type: [String], default: [] },
  unit: String,
  institution: String,
  manager: { type: String, default: null },
  words: { type: [String], default: [] },
  likeness: { type: [String], default: undefined },
  uncompared: Boolean,
  mergedInto: String,
  unread: { type: Number, default: 0 },
  lastSignInAt: Date,
  createdAt: { type: Date, required: true },
})
people.index({ email: 1 }, uniqueWhereGiven('email'))
people.index({ institution: 1, staffNumber: 1 }, uniqueWhereGiven('staffNumber'))
people.index({ staffNumber: 1 })
people.index({ units: 1, familyName: 1, _id: 1 })
people.index({ familyName: 1, _id: 1 })
people.index({ email: 1, _id: 1 })
people.index({ units: 1, email: 1, _id: 1 })
people.index({ unit: 1, status: 1 })
people.index({ manager: 1 })
people.index({ leavesAt: 1, _id: 1 }, { partialFilterExpression: { leavesAt: { $exists: true } } })
people.index({ institution: 1, _id: 1 })
people.index({ words: 1 })
people.index({ likeness: 1 })
people.index({ uncompared: 1 }, { partialFilterExpression: { uncompared: { $exists: true } } })
people.index({ mergedInto: 1 }, { partialFilterExpression: { mergedInto: { $exists: true } } })

export const PersonModel = defineModel<Person>('people.Person', people)

/** A role held over a unit between two dates. It is ended, never changed. */
export interface RoleGrant {
  readonly _id: Id
  readonly person: Id
  readonly role: Role
  readonly unit: Id
  readonly from: Date
  to?: Date | null
}

const roleGrants = new Schema<RoleGrant>({
  _id: { type: String, required: true },
  person: { type: String, required: true },
  role: { type: String, required: true },
  unit: { type: String, required: true },
  from: { type: Date, required: true },
  to: { type: Date, default: null },
})
roleGrants.index({ person: 1, from: 1 })
roleGrants.index({ unit: 1, from: 1 })

export const RoleGrantModel = defineModel<RoleGrant>('people.RoleGrant', roleGrants)

/** Letters with first passwords, to be printed by whoever made them. */
export interface Letters {
  readonly _id: Id
  readonly by: Id
  readonly people: Id[]
  /** Encrypted: whom each password is for. */
  readonly sealed: string
  readonly expiresAt: Date
}

const letters = new Schema<Letters>({
  _id: { type: String, required: true },
  by: { type: String, required: true },
  people: { type: [String], required: true },
  sealed: { type: String, required: true },
  expiresAt: { type: Date, required: true },
})
letters.index({ by: 1 })
letters.index({ people: 1 })
letters.index({ expiresAt: 1 })

export const LettersModel = defineModel<Letters>('people.Letters', letters)

/** What a session or a token carries of its person, so that a request reads nothing else. */
export interface Held {
  person: Id
  name: string
  language: string
  theme: Theme
  timeZone: string
  institution?: Id
  unread: number
  /** Raised by whoever clears `grants`, so that a stale reading is never put back. */
  revision: number
  grants?: Grant[] | null
  validUntil?: Date | null
}

const held = {
  person: { type: String, required: true },
  name: String,
  language: String,
  theme: String,
  timeZone: String,
  institution: String,
  unread: Number,
  revision: { type: Number, default: 0 },
  grants: {
    type: [new Schema({ role: String, over: String, of: String }, { _id: false })],
    default: undefined,
  },
  validUntil: Date,
}

/** A session as connect-mongo writes it. `_id` is a hash of what the cookie says. */
export interface StoredSession {
  readonly _id: Id
  expires: Date
  lastModified?: Date
  session: {
    held?: Held
    address?: string
    agent?: string
    signedInAt?: Date
    /** When the password was last typed. */
    confirmedAt?: Date
    /** Whether a second factor was proven. */
    secondFactor?: boolean
    /** The support view by which it looks at Palier as somebody else does. */
    supportView?: Id
    /** Instead of `held`: who showed a password and is asked for more. */
    waiting?: Waiting
  }
}

/** Somebody between the password and what comes after it; not signed in. */
export interface Waiting {
  readonly person: Id
  readonly step: 'second-step' | 'set-up'
  readonly since: Date
  readonly next: string
}

const sessions = new Schema<StoredSession>({
  _id: { type: String, required: true },
  expires: Date,
  lastModified: Date,
  session: {
    cookie: Schema.Types.Mixed,
    held: { type: new Schema(held, { _id: false }) },
    address: String,
    agent: String,
    signedInAt: Date,
    confirmedAt: Date,
    secondFactor: Boolean,
    supportView: String,
    waiting: {
      type: new Schema({ person: String, step: String, since: Date, next: String }, { _id: false }),
    },
  },
})
sessions.index({ 'session.held.person': 1 })
sessions.index({ 'session.waiting.person': 1 })
sessions.index({ expires: 1 })

export const SessionModel = defineModel<StoredSession>('people.Session', sessions)

/** A key for programs. Only its hash is kept. */
export interface Token {
  readonly _id: Id
  readonly hash: string
  readonly label: string
  readonly createdAt: Date
  readonly expiresAt: Date
  lastUsedAt?: Date
  held: Held
}

const tokens = new Schema<Token>({
  _id: { type: String, required: true },
  hash: { type: String, required: true },
  label: { type: String, required: true },
  createdAt: { type: Date, required: true },
  expiresAt: { type: Date, required: true },
  lastUsedAt: Date,
  held: { type: new Schema(held, { _id: false }), required: true },
})
tokens.index({ hash: 1 }, { unique: true })
tokens.index({ 'held.person': 1 })

export const TokenModel = defineModel<Token>('people.Token', tokens)

export type LinkPurpose = 'reset' | 'invitation' | 'first-administrator'

/** A mailed link that works once. `_id` is the hash of its token. */
export interface OneTimeLink {
  readonly _id: string
  readonly purpose: LinkPurpose
  readonly person?: Id
  readonly expiresAt: Date
}

const links = new Schema<OneTimeLink>({
  _id: { type: String, required: true },
  purpose: { type: String, required: true },
  person: String,
  expiresAt: { type: Date, required: true },
})
links.index({ person: 1, purpose: 1 })
links.index({ expiresAt: 1 })

export const LinkModel = defineModel<OneTimeLink>('people.Link', links)

/** Tries counted within a stretch of time. */
export interface CountedTries {
  readonly key: string
  readonly points: number
  readonly expire: Date | null
}

const tries = new Schema<CountedTries>({ key: String, points: Number, expire: Date })
tries.index({ key: 1 }, { unique: true })
tries.index({ expire: 1 })

export const LimitModel = defineModel<CountedTries>('people.Limit', tries)
