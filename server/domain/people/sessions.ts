import { NotFound } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { contributions } from '../../kernel/plugins.js'
import { now } from '../../platform/clock.js'
import { disconnectPerson, disconnectSession, reconnectPeople } from '../../platform/realtime.js'
import { grantsNow, ownerOf } from './actors.js'
import { audit } from './audit.js'
import type { EndedSessions } from './contract.js'
import { SessionModel, TokenModel, type Held, type StoredSession } from './models.js'

const hour = 3_600_000

/** One of a person's sessions, as its owner sees it. */
export interface SessionLine {
  readonly id: Id
  readonly signedInAt: Date
  readonly lastSeenAt: Date
  readonly agent: string
  readonly address: string
  readonly current: boolean
}

/** The sessions of the actor, the latest first. */
export async function ownSessions(actor: Actor): Promise<SessionLine[]> {
  const found = await SessionModel.find({
    'session.held.person': ownerOf(actor),
    expires: { $gt: now() },
  }).lean<StoredSession[]>()
  return found
    .map((stored) => lineOf(stored, actor.session))
    .sort((a, b) => Number(b.lastSeenAt) - Number(a.lastSeenAt))
}

/** Whether somebody is still signed in by a session: for tokens that live no longer than it does. */
export async function isSessionOpen(id: Id): Promise<boolean> {
  return (await SessionModel.exists({ _id: id, expires: { $gt: now() } })) !== null
}

/** Ends one of the actor's own sessions. */
export async function endSession(actor: Actor, id: Id): Promise<void> {
  const { deletedCount } = await SessionModel.deleteOne({
    _id: id,
    'session.held.person': ownerOf(actor),
  })
  if (deletedCount === 0) throw new NotFound()
  disconnectSession(id)
  await tellEnded({ session: id })
}

/** Ends every session of the actor, this one included. */
export async function signOutEverywhere(actor: Actor): Promise<void> {
  const person = ownerOf(actor)
  await endSessionsOf(person)
  await audit(actor, 'people:signed-out-everywhere', { object: person })
}

/** Ends every session of the actor but this one. */
export async function signOutElsewhere(actor: Actor): Promise<void> {
  const person = ownerOf(actor)
  await endSessionsOf(person, actor.session)
  await audit(actor, 'people:signed-out-elsewhere', { object: person })
}

/** Ends every session of a person but, if given, one. */
export async function endSessionsOf(person: Id, but?: Id): Promise<void> {
  await SessionModel.deleteMany({
    'session.held.person': person,
    ...(but && { _id: { $ne: but } }),
  })
  disconnectPerson(person, but)
  await tellEnded({ people: [person], but })
}

/** Ends every session of a person but, if given, one, and takes every token away: whoever holds one is out. */
export async function shutOut(person: Id, but?: Id): Promise<void> {
  await endSessionsOf(person, but)
  await TokenModel.deleteMany({ 'held.person': person })
}

/** Makes sessions and tokens of these people work out their grants anew at the next request. */
export async function forgetGrants(people: readonly Id[]): Promise<void> {
  const stale = { $unset: { grants: 1, validUntil: 1 }, $inc: { revision: 1 } }
  await Promise.all([
    SessionModel.updateMany(
      { 'session.held.person': { $in: people } },
      under('session.held', stale),
    ),
    TokenModel.updateMany({ 'held.person': { $in: people } }, under('held', stale)),
  ])
  reconnectPeople(people)
  await tellEnded({ people }, 'rights')
}

/** Writes what sessions carry of these people wherever they are signed in. */
export async function changeHeld(
  people: readonly Id[],
  change: Partial<
    Pick<Held, 'name' | 'language' | 'theme' | 'timeZone' | 'institution' | 'unread'>
  >,
): Promise<void> {
  const set = { $set: change }
  await Promise.all([
    SessionModel.updateMany({ 'session.held.person': { $in: people } }, under('session.held', set)),
    TokenModel.updateMany({ 'held.person': { $in: people } }, under('held', set)),
  ])
}

/** Tells what ends with these sessions. */
export async function tellEnded(
  what: EndedSessions,
  why: 'signed-out' | 'rights' = 'signed-out',
): Promise<void> {
  for (const end of contributions('sessionEnds')) await end.ended(what, why)
}

/** Marks a session with the support view that looks through it, or takes the mark away. */
export async function markSession(session: Id, supportView: Id | undefined): Promise<void> {
  const change = supportView
    ? { $set: { 'session.supportView': supportView } }
    : { $unset: { 'session.supportView': 1 } }
  await SessionModel.updateOne({ _id: session }, change as object)
}

/** Removes sessions past their time. */
export async function removeExpiredSessions(): Promise<void> {
  await SessionModel.deleteMany({ expires: { $lte: now() } })
}

/** A session's holding with grants that hold now, worked out and kept when they did not. Reads nothing otherwise. */
export async function currentSession(id: Id, held: Held): Promise<Held> {
  if (holdsNow(held)) return held
  const fresh = { ...held, ...(await grantsNow(held.person)) }
  await SessionModel.updateOne(
    { _id: id, 'session.held.revision': held.revision },
    { $set: { 'session.held.grants': fresh.grants, 'session.held.validUntil': fresh.validUntil } },
  )
  return fresh
}

/** As `currentSession`, for a token. */
export async function currentToken(id: Id, held: Held): Promise<Held> {
  if (holdsNow(held)) return held
  const fresh = { ...held, ...(await grantsNow(held.person)) }
  await TokenModel.updateOne(
    { _id: id, 'held.revision': held.revision },
    { $set: { 'held.grants': fresh.grants, 'held.validUntil': fresh.validUntil } },
  )
  return fresh
}

/** Notes that a session is alive, at most once an hour, and never brings back one that was ended. */
export async function touch(id: Id, lastModified: Date | undefined): Promise<void> {
  const at = now()
  if (lastModified && Number(at) - Number(lastModified) < hour) return
  await SessionModel.updateOne({ _id: id }, { $set: { lastModified: at } })
}

const holdsNow = ({ grants, validUntil }: Held): boolean =>
  Boolean(grants) && (!validUntil || validUntil > now())

function lineOf({ _id, session, lastModified }: StoredSession, current?: Id): SessionLine {
  const signedInAt = session.signedInAt ?? new Date(0)
  return {
    id: _id,
    signedInAt,
    lastSeenAt: lastModified ?? signedInAt,
    agent: session.agent ?? '',
    address: session.address ?? '',
    current: _id === current,
  }
}

type Update = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** The same update one level down: `{ $set: { name } }` under `held` is `{ $set: { 'held.name' } }`. */
function under(path: string, update: Update): Update {
  const moved = Object.entries(update).map(([operator, fields]) => [
    operator,
    Object.fromEntries(Object.entries(fields).map(([key, value]) => [`${path}.${key}`, value])),
  ])
  return Object.fromEntries(moved) as Update
}
