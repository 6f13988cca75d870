import { Unauthenticated } from '../../../errors.js'
import type { Id } from '../../../kernel/contract.js'
import { tellPerson } from '../account-mail.js'
import { countTry, forgetTries } from '../limits.js'
import { unseal } from '../sealing.js'
import { systemActor } from '../access.js'
import { audit } from '../audit.js'
import { recoveryHash, stepOf } from './codes.js'
import { FactorsModel, type CodeApp } from './models.js'
import { factorsOf } from './standing.js'

export const appPurpose = 'people:code-app'

/**
 * Takes a code of the app or a recovery code, each of them once. Throws `Unauthenticated('people:wrong-code')`, and
 * `TooMany` after ten tries within a quarter of an hour.
 */
export async function proveByCode(person: Id, code: string): Promise<void> {
  await countTry(['second-step', person])
  const digits = code.replace(/\s/g, '')
  const proven = /^\d{6}$/.test(digits)
    ? await byApp(person, digits)
    : await byRecoveryCode(person, code)
  if (!proven) throw new Unauthenticated('people:wrong-code')
  await forgetTries(['second-step', person])
}

async function byApp(person: Id, code: string): Promise<boolean> {
  const app = (await factorsOf(person))?.app
  return app ? useCode(person, app, code) : false
}

/** Of two who send the same code at once, one gets in. */
async function useCode(person: Id, { sealed }: CodeApp, code: string): Promise<boolean> {
  const step = stepOf(unseal(appPurpose, sealed), code)
  if (step === undefined) return false
  const { modifiedCount } = await FactorsModel.updateOne(
    { _id: person, 'app.sealed': sealed, 'app.lastStep': { $lt: step } },
    { $set: { 'app.lastStep': step } },
  )
  return modifiedCount === 1
}

async function byRecoveryCode(person: Id, code: string): Promise<boolean> {
  const hash = recoveryHash(person, code)
  const { modifiedCount } = await FactorsModel.updateOne(
    { _id: person, recoveryCodes: hash },
    { $pull: { recoveryCodes: hash } },
  )
  if (modifiedCount !== 1) return false
  await audit(systemActor('people:sign-in'), 'people:recovery-code-used', { object: person })
  await tellPerson(person, 'recovery-code-used', hash)
  return true
}
