import { Conflict } from '../../errors.js'
import type { Actor, Id, Name } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { isDuplicateKey } from '../../platform/database.js'
import { owes, settle } from '../../platform/owed.js'
import { notify } from '../notifications/notify.js'
import { announceMoved, placePeople } from '../organisation/placing.js'
import { refuseOutranked } from '../organisation/ranking.js'
import { audit, authorOf } from '../people/audit.js'
import { accountOf } from '../people/describing.js'
import { carriedOver, closeInto } from '../people/merging.js'
import { findPerson, type Person } from '../people/people.js'
import { forgetGrants } from '../people/sessions.js'
import { MergeModel, type Merge } from './models.js'
import { figuresOf, moveAll } from './moving.js'
import { merged } from './notifying.js'

/** To merge two accounts one manages both of. */
export const manage: Name = 'organisation:manage-people'

export interface Both {
  readonly kept: Person
  readonly lost: Person
}

/**
 * Merges an account into another of the same person: what follows is owed by the record that says so, and done when this
 * returns. Asked twice, it does it once. Throws as `refuseUnfit`.
 */
export async function mergeAccounts(actor: Actor, { kept, lost }: Both): Promise<void> {
  await refuseUnfit(actor, { kept, lost })
  const merge = {
    _id: lost._id,
    kept: kept._id,
    by: actor.person ?? actor.name,
    at: now(),
    figures: await figuresOf({ kept: kept._id, lost: lost._id }),
    carried: carriedOver(kept, lost),
    revision: 1,
    owed: ['close', 'move', 'place', 'tell', 'log'],
  }
  await MergeModel.collection.insertOne(merge as never).catch((error: unknown) => {
    if (!isDuplicateKey(error)) throw error
  })
  await settle(MergeModel, lost._id)
}

/**
 * Nobody merges their own account, nor one that holds roles they could not grant: nothing may be gained by it. Throws
 * `Conflict` with what stands against it, and `Forbidden('organisation:holds-roles')`.
 */
export async function refuseUnfit(actor: Actor, both: Both): Promise<void> {
  const code = await whatStandsAgainst(actor, both)
  if (code) throw new Conflict(code)
  for (const person of [both.kept, both.lost]) {
    await refuseOutranked(actor, person, {
      permission: 'organisation:grant-roles',
      code: 'organisation:holds-roles',
    })
  }
}

async function whatStandsAgainst(actor: Actor, { kept, lost }: Both): Promise<Name | undefined> {
  if (kept._id === lost._id) return 'merging:same-account'
  if (actor.person === kept._id || actor.person === lost._id) return 'merging:not-oneself'
  if (kept.mergedInto || lost.mergedInto) return 'people:merged'
  if (kept.status === 'deactivated') return 'merging:kept-has-left'
  if (kept.institution !== lost.institution) return 'merging:other-institution'
  if (await isUnderWay([kept._id, lost._id])) return 'merging:under-way'
  return undefined
}

/** Whether one of these is being merged just now: the next would not find all there is. */
async function isUnderWay(people: readonly Id[]): Promise<boolean> {
  const named = { $in: [...people] }
  const one = { $or: [{ _id: named }, { kept: named }], owed: { $exists: true } }
  return Boolean(await MergeModel.exists(one))
}

/** Closed first, so that nothing more is written to an account whose records are on their way. */
owes<Merge>(MergeModel, {
  close: async ({ _id: lost, kept, by, carried = {} }) =>
    closeInto(await authorOf(by), { kept, lost }, carried),
  move: ({ _id: lost, kept }) => moveAll({ kept, lost }),
  place: async ({ _id: lost, kept }) => {
    await placePeople([kept])
    await forgetGrants([kept])
    await announceMoved([kept, lost], `merged|${lost}`)
  },
  tell: async ({ _id: lost, kept }) => {
    const account = accountOf(await findPerson(lost))
    await notify(kept, merged, { data: { account }, key: lost })
  },
  log: async ({ _id, kept, by }) => {
    const [actor, stays, gone] = await Promise.all([
      authorOf(by),
      findPerson(kept),
      findPerson(_id),
    ])
    const into = { into: accountOf(stays) }
    await audit(actor, 'merging:merged', { object: _id, details: into })
    await audit(actor, 'merging:received', { object: kept, details: { from: accountOf(gone) } })
    await MergeModel.updateOne({ _id }, { $set: { doneAt: now() }, $unset: { carried: 1 } })
  },
})
