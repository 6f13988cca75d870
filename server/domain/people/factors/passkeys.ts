import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { Invalid, NotFound, Unauthenticated } from '../../../errors.js'
import { publicUrl } from '../../../http/content-origin.js'
import type { Actor, Id } from '../../../kernel/contract.js'
import { now } from '../../../platform/clock.js'
import { ownerOf } from '../actors.js'
import { accountOf } from '../describing.js'
import { countTry, forgetTries } from '../limits.js'
import { findPerson } from '../people.js'
import { FactorsModel, type Factors, type Passkey } from './models.js'
import { factorAdded, factorRemoved, firstCodes } from './own-factors.js'
import { requireRecent } from './recent.js'
import { factorsOf } from './standing.js'

/** Loaded by the first passkey: it is a tenth of the memory that an idle Palier has. */
const webauthn = () => import('@simplewebauthn/server')

const minutes = 60_000
const most = 20

/** What the browser needs to make a passkey for the actor, who has just typed the password. */
export async function offerPasskey(actor: Actor) {
  await requireRecent(actor)
  const person = await findPerson(ownerOf(actor))
  const { generateRegistrationOptions } = await webauthn()
  const options = await generateRegistrationOptions({
    rpName: 'Palier',
    rpID: site().id,
    userID: new Uint8Array(Buffer.from(person._id)),
    userName: accountOf(person),
    userDisplayName: person.name,
    excludeCredentials: passkeysOf(await factorsOf(person._id)),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
  })
  await keepChallenge(person._id, options.challenge)
  return options
}

/** Takes a passkey on. Answers recovery codes where it is the first factor. Throws `Invalid('people:passkey-refused')`. */
export async function takePasskey(
  actor: Actor,
  { name, response }: { readonly name: string; readonly response: object },
): Promise<string[]> {
  await requireRecent(actor)
  const person = ownerOf(actor)
  const expectedChallenge = await useChallenge(person)
  const { verifyRegistrationResponse } = await webauthn()
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: response as RegistrationResponseJSON,
    expectedChallenge,
    ...expected(),
  }).catch(() => ({ verified: false, registrationInfo: undefined }) as const)
  if (!verified || !registrationInfo) throw new Invalid('people:passkey-refused')
  const { id, publicKey, counter, transports = [] } = registrationInfo.credential
  const passkey: Passkey = {
    ...{ id, counter, name, transports, createdAt: now() },
    publicKey: Buffer.from(publicKey).toString('base64url'),
  }
  const { codes, kept } = await firstCodes(person)
  const { modifiedCount } = await FactorsModel.updateOne(
    { _id: person, 'passkeys.id': { $ne: id }, [`passkeys.${most - 1}`]: { $exists: false } },
    { $push: { passkeys: passkey }, $set: kept, $unset: { graceUntil: 1 } },
  )
  if (modifiedCount !== 1) throw new Invalid('people:passkey-refused')
  await factorAdded(actor, person, 'passkey')
  return codes
}

/** Gives one of the actor's passkeys another name. */
export async function renamePasskey(actor: Actor, id: string, name: string): Promise<void> {
  const { matchedCount } = await FactorsModel.updateOne(
    { _id: ownerOf(actor), 'passkeys.id': id },
    { $set: { 'passkeys.$.name': name } },
  )
  if (matchedCount === 0) throw new NotFound()
}

/** Removes one of the actor's passkeys, and with the last factor the recovery codes. */
export async function removePasskey(actor: Actor, id: string): Promise<void> {
  await requireRecent(actor)
  const person = ownerOf(actor)
  const { modifiedCount } = await FactorsModel.updateOne(
    { _id: person, 'passkeys.id': id },
    { $pull: { passkeys: { id } } },
  )
  if (modifiedCount === 0) throw new NotFound()
  await factorRemoved(actor, person, 'passkey')
}

/** What the browser needs to sign in with a passkey of somebody who has shown the password. */
export async function askPasskey(person: Id) {
  const { generateAuthenticationOptions } = await webauthn()
  const options = await generateAuthenticationOptions({
    rpID: site().id,
    allowCredentials: passkeysOf(await factorsOf(person)),
    userVerification: 'preferred',
  })
  await keepChallenge(person, options.challenge)
  return options
}

/** Takes what a passkey has signed. Throws `Unauthenticated('people:passkey-refused')`. Counted like a code. */
export async function proveByPasskey(person: Id, response: object): Promise<void> {
  await countTry(['second-step', person])
  const answer = response as AuthenticationResponseJSON
  const passkey = (await factorsOf(person))?.passkeys.find(({ id }) => id === answer.id)
  const expectedChallenge = await useChallenge(person)
  if (!passkey) throw new Unauthenticated('people:passkey-refused')
  const { verifyAuthenticationResponse } = await webauthn()
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: answer,
    expectedChallenge,
    ...expected(),
    credential: keyOf(passkey),
  }).catch(() => ({ verified: false, authenticationInfo: undefined }) as const)
  if (!verified || !authenticationInfo) throw new Unauthenticated('people:passkey-refused')
  await FactorsModel.updateOne(
    { _id: person, 'passkeys.id': passkey.id },
    {
      $set: {
        'passkeys.$.counter': authenticationInfo.newCounter,
        'passkeys.$.lastUsedAt': now(),
      },
    },
  )
  await forgetTries(['second-step', person])
}

function site(): { readonly id: string; readonly origin: string } {
  const { hostname, origin } = new URL(publicUrl())
  return { id: hostname, origin }
}

/** The password was shown before: that somebody is there is enough, who it is need not be proven again. */
const expected = () => ({
  expectedOrigin: site().origin,
  expectedRPID: site().id,
  requireUserVerification: false,
})

const keyOf = ({ id, publicKey, counter, transports }: Passkey) => ({
  ...{ id, counter, transports: [...transports] },
  publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')),
})

const passkeysOf = (factors: Factors | null): { id: string; transports: string[] }[] =>
  (factors?.passkeys ?? []).map(({ id, transports }) => ({ id, transports: [...transports] }))

async function keepChallenge(person: Id, value: string): Promise<void> {
  const challenge = { value, expiresAt: new Date(Number(now()) + 5 * minutes) }
  await FactorsModel.updateOne({ _id: person }, { $set: { challenge } }, { upsert: true })
}

/** A challenge is answered once. */
async function useChallenge(person: Id): Promise<string> {
  const before = await FactorsModel.findOneAndUpdate(
    { _id: person, 'challenge.expiresAt': { $gt: now() } },
    { $unset: { challenge: 1 } },
  ).lean<Factors>()
  if (!before?.challenge) throw new Unauthenticated('people:passkey-refused')
  return before.challenge.value
}
