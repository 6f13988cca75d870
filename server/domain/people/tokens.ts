import { randomBytes, randomUUID } from 'node:crypto'
import { Forbidden, Invalid, NotFound, Unauthenticated } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { systemActor } from './access.js'
import { actorFrom, holdingOf, ownerOf } from './actors.js'
import { audit } from './audit.js'
import { needsFactor } from './factors/standing.js'
import { hashOf } from './hashing.js'
import { TokenModel, type Token } from './models.js'
import { findPerson, personByEmail } from './people.js'
import { currentToken } from './sessions.js'

const day = 86_400_000
const longest = 366

/** A token as its owner sees it; the secret itself was shown once. */
export interface TokenLine {
  readonly id: Id
  readonly label: string
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly lastUsedAt: Date | null
}

/** Makes a token for whoever has this address, for the command line: `expires` is `30d`, `12h` or nothing (30 days). */
export async function createToken(email: string, expires?: string): Promise<string> {
  const person = await personByEmail(email)
  if (person?.status !== 'active') throw new NotFound('people:no-such-account')
  const actor = systemActor('palier token')
  return makeToken(actor, { person: person._id, label: 'palier token', days: daysOf(expires) })
}

/**
 * Makes a token for the actor. It is shown once, and only its hash is kept. Whoever has or needs a second factor makes
 * one in a session that has proven it: else it throws `Forbidden('people:second-factor-first')`.
 */
export async function createOwnToken(
  actor: Actor,
  { label, days }: { label: string; days: number },
): Promise<string> {
  const person = ownerOf(actor)
  const { grants, institution } = actor
  const needed = await needsFactor({
    person,
    grants: [...grants],
    ...(institution && { institution }),
  })
  if (needed && !actor.secondFactor) throw new Forbidden('people:second-factor-first')
  return makeToken(actor, { person, label, days })
}

/** The actor's tokens that still work, the latest first. */
export async function ownTokens(actor: Actor): Promise<TokenLine[]> {
  const found = await TokenModel.find({
    'held.person': ownerOf(actor),
    expiresAt: { $gt: now() },
  }).lean<Token[]>()
  return found
    .map(({ _id, label, createdAt, expiresAt, lastUsedAt }) => ({
      id: _id,
      label,
      createdAt,
      expiresAt,
      lastUsedAt: lastUsedAt ?? null,
    }))
    .sort((a, b) => Number(b.createdAt) - Number(a.createdAt))
}

/** Takes one of the actor's own tokens away at once. */
export async function revokeToken(actor: Actor, id: Id): Promise<void> {
  const { deletedCount } = await TokenModel.deleteOne({ _id: id, 'held.person': ownerOf(actor) })
  if (deletedCount === 0) throw new NotFound()
  await audit(actor, 'people:token-revoked', { object: id })
}

/** Whoever an `Authorization` header stands for. Anything but a good token throws `Unauthenticated('people:bad-token')`. */
export async function bearer(authorization: string): Promise<Actor> {
  const secret = /^Bearer ([\w-]{20,200})$/i.exec(authorization.trim())?.[1]
  const token = secret && (await TokenModel.findOne({ hash: hashOf(secret) }).lean<Token>())
  if (!token || token.expiresAt <= now()) throw new Unauthenticated('people:bad-token')
  await noteUse(token)
  return actorFrom(await currentToken(token._id, token.held))
}

/** Removes tokens past their time. */
export async function removeExpiredTokens(): Promise<void> {
  await TokenModel.deleteMany({ expiresAt: { $lte: now() } })
}

interface NewToken {
  readonly person: Id
  readonly label: string
  readonly days: number
}

async function makeToken(actor: Actor, { person, label, days }: NewToken): Promise<string> {
  const secret = `palier_${randomBytes(32).toString('base64url')}`
  const createdAt = now()
  const token: Token = {
    _id: randomUUID(),
    hash: hashOf(secret),
    label,
    createdAt,
    expiresAt: new Date(Number(createdAt) + days * day),
    held: await holdingOf(await findPerson(person)),
  }
  await TokenModel.create(token)
  await audit(actor, 'people:token-created', { object: person, details: { label, days } })
  return secret
}

/** At most once an hour, as with sessions. */
async function noteUse({ _id, lastUsedAt }: Token): Promise<void> {
  if (lastUsedAt && Number(now()) - Number(lastUsedAt) < 3_600_000) return
  await TokenModel.updateOne({ _id }, { $set: { lastUsedAt: now() } })
}

function daysOf(expires = '30d'): number {
  const [, count, unit] = /^(\d{1,4})([dh])$/.exec(expires) ?? []
  const days = Number(count) / (unit === 'h' ? 24 : 1)
  if (!(days > 0 && days <= longest)) throw new Invalid('people:token-expiry')
  return days
}
