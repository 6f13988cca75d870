import { randomUUID } from 'node:crypto'
import { Conflict, Invalid, NotFound } from '../../../errors.js'
import type { Actor, Id } from '../../../kernel/contract.js'
import { now } from '../../../platform/clock.js'
import { systemActor } from '../access.js'
import { tellPerson } from '../account-mail.js'
import { ownerOf } from '../actors.js'
import { audit } from '../audit.js'
import { accountOf } from '../describing.js'
import { countTry, forgetTries } from '../limits.js'
import { SessionModel } from '../models.js'
import { findPerson } from '../people.js'
import { seal, unseal } from '../sealing.js'
import { shutOut } from '../sessions.js'
import { appAddress, newAppSecret, newRecoveryCodes, recoveryHash, stepOf } from './codes.js'
import { FactorsModel, type Factors } from './models.js'
import { appPurpose } from './proving.js'
import { requireRecent } from './recent.js'
import { factorsOf, hasFactor } from './standing.js'

type Factor = 'app' | 'passkey'

const showing = 15 * 60_000

/** An app that is shown and not yet proven: its secret, and the address its QR code says. */
export interface AppShown {
  readonly secret: string
  readonly address: string
}

interface Codes {
  readonly codes: string[]
  readonly kept: Partial<Pick<Factors, 'recoveryCodes'>>
}

/** Makes a secret for an app and keeps it for a quarter of an hour, until a code proves that the app has it. */
export async function offerApp(person: Id): Promise<void> {
  const pending = {
    sealed: seal(appPurpose, newAppSecret()),
    expiresAt: new Date(Number(now()) + showing),
  }
  await FactorsModel.updateOne({ _id: person }, { $set: { pending } }, { upsert: true })
}

/** The app that is being set up. Throws `NotFound('people:app-expired')` after a quarter of an hour. */
export async function appOffered(person: Id): Promise<AppShown> {
  const secret = await pendingSecret(person)
  return { secret, address: appAddress(secret, accountOf(await findPerson(person))) }
}

/** Takes the offered app on by a code of it. Answers ten recovery codes, which are kept as hashes alone. */
export async function takeApp(person: Id, code: string): Promise<string[]> {
  await countTry(['second-step', person])
  const secret = await pendingSecret(person)
  const step = stepOf(secret, code.replace(/\s/g, ''))
  if (step === undefined) {
    throw new Invalid('people:wrong-code', {
      errors: [{ path: 'code', code: 'people:wrong-code' }],
    })
  }
  await forgetTries(['second-step', person])
  const { codes, kept } = await firstCodes(person)
  const app = { sealed: seal(appPurpose, secret), since: now(), lastStep: step }
  await FactorsModel.updateOne(
    { _id: person },
    { $set: { app, ...kept }, $unset: { pending: 1, graceUntil: 1 } },
  )
  return codes
}

/** Begins to set up an app for the actor, who has just typed the password. */
export async function beginApp(actor: Actor): Promise<void> {
  await requireRecent(actor)
  const person = ownerOf(actor)
  if ((await factorsOf(person))?.app) throw new Conflict('people:app-there')
  await offerApp(person)
}

/** Takes the actor's app on. This session has passed the second step, and every other one and every token ends. */
export async function confirmApp(actor: Actor, code: string): Promise<string[]> {
  await requireRecent(actor)
  const person = ownerOf(actor)
  const codes = await takeApp(person, code)
  await factorAdded(actor, person, 'app')
  return codes
}

/** Tells of a factor that was added, and leaves nobody in who came without it but this session. */
export async function factorAdded(actor: Actor, person: Id, factor: Factor): Promise<void> {
  await shutOut(person, actor.session)
  if (actor.session) await passed(actor.session)
  await audit(actor, 'people:factor-added', { object: person, details: { factor } })
  await tellPerson(person, 'factor-added', randomUUID())
}

/** Removes the actor's app, and with the last factor the recovery codes. */
export async function removeApp(actor: Actor): Promise<void> {
  await requireRecent(actor)
  const person = ownerOf(actor)
  const { modifiedCount } = await FactorsModel.updateOne(
    { _id: person, app: { $exists: true } },
    { $unset: { app: 1 } },
  )
  if (modifiedCount === 0) throw new NotFound()
  await factorRemoved(actor, person, 'app')
}

/** Tells of a factor that was removed, and ends everything but this session. */
export async function factorRemoved(actor: Actor, person: Id, factor: Factor): Promise<void> {
  const last = { _id: person, app: { $exists: false }, 'passkeys.0': { $exists: false } }
  await FactorsModel.updateOne(last, { $set: { recoveryCodes: [] } })
  await shutOut(person, actor.session)
  await audit(actor, 'people:factor-removed', { object: person, details: { factor } })
  await tellPerson(person, 'factor-removed', randomUUID())
}

/** Recovery codes for whoever adds a first factor, and what of a document keeps them; none for those after it. */
export async function firstCodes(person: Id): Promise<Codes> {
  return hasFactor(await factorsOf(person)) ? { codes: [], kept: {} } : codesFor(person)
}

/** Makes ten new recovery codes for the actor; those of before work no longer. */
export async function renewRecoveryCodes(actor: Actor): Promise<string[]> {
  await requireRecent(actor)
  const person = ownerOf(actor)
  if (!hasFactor(await factorsOf(person))) throw new NotFound()
  const { codes, kept } = codesFor(person)
  await FactorsModel.updateOne({ _id: person }, { $set: kept })
  await audit(actor, 'people:recovery-codes-renewed', { object: person })
  return codes
}

/** Takes every factor from somebody who lost them, and signs them out everywhere. Access is the caller's to judge. */
export async function resetFactors(actor: Actor, person: Id): Promise<void> {
  const { deletedCount } = await FactorsModel.deleteOne({ _id: person })
  if (deletedCount === 0) return
  await shutOut(person)
  await audit(actor, 'people:factors-reset', { object: person })
  await tellPerson(person, 'factors-reset', randomUUID())
}

/** Notes in the log and by mail that somebody set a factor up on the way in. */
export async function toldOfFactor(person: Id): Promise<void> {
  await factorAdded(systemActor('people:sign-in'), person, 'app')
}

function codesFor(person: Id): Codes {
  const codes = newRecoveryCodes()
  return { codes, kept: { recoveryCodes: codes.map((code) => recoveryHash(person, code)) } }
}

async function passed(session: Id): Promise<void> {
  await SessionModel.updateOne({ _id: session }, { $set: { 'session.secondFactor': true } })
}

async function pendingSecret(person: Id): Promise<string> {
  const pending = (await factorsOf(person))?.pending
  if (!pending || pending.expiresAt <= now()) throw new NotFound('people:app-expired')
  return unseal(appPurpose, pending.sealed)
}
