import { randomBytes } from 'node:crypto'
import type { Id } from '../../kernel/contract.js'
import { PersonModel } from './models.js'
import { shutOut } from './sessions.js'

/**
 * Takes from an account all that says whose it is, and from those that were merged into it. What refers to them goes on
 * referring to somebody without a name.
 */
export async function anonymisePerson(person: Id): Promise<void> {
  const merged = await PersonModel.find({ mergedInto: person }, { _id: 1 }).lean<{ _id: Id }[]>()
  for (const { _id } of merged) await anonymiseAccount(_id)
  await anonymiseAccount(person)
}

async function anonymiseAccount(_id: Id): Promise<void> {
  const name = `Person ${randomBytes(3).toString('hex')}`
  const email = `${randomBytes(12).toString('hex')}@erased.invalid`
  await PersonModel.updateOne(
    { _id },
    {
      $set: {
        ...{ name, email, givenName: '', familyName: name, units: [], manager: null },
        ...{ words: [], likeness: [] },
        ...{ language: 'en', theme: 'system', timeZone: 'UTC', status: 'deactivated', unread: 0 },
      },
      $unset: {
        ...{
          staffNumber: 1,
          passwordHash: 1,
          unit: 1,
          institution: 1,
          lastSignInAt: 1,
          leavesAt: 1,
          firstPassword: 1,
          uncompared: 1,
        },
      },
    },
  )
  await shutOut(_id)
}
