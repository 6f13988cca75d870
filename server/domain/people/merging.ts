import type { Actor, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { isDuplicateKey } from '../../platform/database.js'
import type { Accounts } from './contract.js'
import { changesOf } from './describing.js'
import { toCompare } from './likeness.js'
import { PersonModel, type Person } from './models.js'
import { findPerson } from './people.js'
import { endRole, rolesOf } from './roles.js'
import { shutOut } from './sessions.js'

/** What the kept account is given, since it has none of its own. */
export type Carried = Partial<Pick<Person, 'email' | 'staffNumber'>>

/** What an account that stays would be given by the one that is merged into it. */
export const carriedOver = (kept: Person, lost: Person): Carried => ({
  ...(!kept.email && lost.email && { email: lost.email }),
  ...(!kept.staffNumber && lost.staffNumber && { staffNumber: lost.staffNumber }),
})

/**
 * Closes an account for good and says which one stays: nobody signs in to it any more, and what one signed in with leads
 * to the other. Its roles end; none is carried over. Doing it twice is once.
 */
export async function closeInto(
  actor: Actor,
  { kept, lost }: Accounts,
  carried: Carried,
): Promise<void> {
  const gone = Object.fromEntries(Object.keys(carried).map((field) => [field, 1]))
  await PersonModel.updateOne(
    { _id: lost },
    {
      $set: { status: 'deactivated', mergedInto: kept, likeness: [] },
      $unset: { ...gone, passwordHash: 1, firstPassword: 1, leavesAt: 1, uncompared: 1 },
    },
  )
  await shutOut(lost)
  await give(kept, carried)
  for (const { _id } of await rolesOf(lost, now())) await endRole(actor, _id)
}

/** Whoever took an address between the two writes has it now. */
async function give(_id: Id, carried: Carried): Promise<void> {
  const set = changesOf(await findPerson(_id), carried)
  if (Object.keys(set).length === 0) return
  try {
    await PersonModel.updateOne({ _id }, { $set: { ...set, ...toCompare(set) } })
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
  }
}
