import { Conflict, Invalid } from '../../errors.js'
import type { Actor, Id, Name } from '../../kernel/contract.js'
import { contributions } from '../../kernel/plugins.js'
import { now } from '../../platform/clock.js'
import { isDuplicateKey } from '../../platform/database.js'
import { owes, settle } from '../../platform/owed.js'
import { systemActor } from '../people/access.js'
import { audit, authorOf } from '../people/audit.js'
import type { Person } from '../people/people.js'
import { ErasureModel, type Erasure } from './models.js'
import { fateOf, kinds, kindsOf, modelOf, type Kind } from './records.js'

/** To erase somebody for good. */
export const erase: Name = 'privacy:erase-people'

/** What erasing a person would do to the records of one kind. */
export interface Fate {
  readonly label: Name
  readonly count: number
  readonly fate: 'delete' | 'anonymise' | 'keep'
  /** Translation key of why it is kept. */
  readonly reason: Name | null
}

/** What erasing a person would do, kind by kind; kinds that hold nothing of them are left out. */
export async function fatesOf(person: Id): Promise<Fate[]> {
  return (await kindsOf(person)).map(({ kind, count }) => {
    const { onErasure, reason } = fateOf(kind)
    return {
      label: kind.label,
      count,
      fate: onErasure,
      reason: reason ? `privacy:reasons.${reason}` : null,
    }
  })
}

/**
 * Erases somebody who has left: what follows is owed by the record that says so, and done when this returns. The name is
 * typed, so that nobody is erased by a slip.
 */
export async function erasePerson(actor: Actor, person: Person, typed: string): Promise<void> {
  if (person.status !== 'deactivated') throw new Conflict('privacy:still-active')
  if (person._id === actor.person) throw new Conflict('privacy:not-oneself')
  if (typed.trim() !== person.name) {
    const errors = [{ path: 'name', code: 'privacy:other-name' }]
    throw new Invalid('core:invalid-form', { errors })
  }
  await eraseFor(actor, person._id)
}

/** Erases people whose time has come, as their institution wants it. */
export async function eraseLeavers(people: readonly Id[]): Promise<void> {
  for (const person of people) await eraseFor(systemActor('privacy:remove-old'), person)
}

async function eraseFor(actor: Actor, person: Id): Promise<void> {
  const erasure = {
    _id: person,
    person,
    by: actor.person ?? actor.name,
    at: now(),
    revision: 1,
    owed: ['erase', 'log'],
  }
  await ErasureModel.collection.insertOne(erasure as never).catch((error: unknown) => {
    if (!isDuplicateKey(error)) throw error
  })
  await settle(ErasureModel, person)
}

/** Records first, names last, so that a crash leaves somebody who can be told; done again, it finds less to do. */
owes<Erasure>(ErasureModel, {
  erase: async ({ _id, person, removed: before = [] }) => {
    const removed = new Map(before.map(({ model, count }) => [model, count]))
    for (const kind of kinds()) {
      const count = await removeFrom(kind, person)
      if (count > 0) removed.set(kind.model, count)
    }
    for (const { anonymise } of contributions('personalData')) await anonymise?.(person)
    const counts = [...removed].map(([model, count]) => ({ model, count }))
    await ErasureModel.updateOne({ _id }, { $set: { removed: counts, doneAt: now() } })
  },
  log: async ({ person, by }) => {
    await audit(await authorOf(by), 'privacy:erased', { object: person })
  },
})

async function removeFrom(kind: Kind, person: Id): Promise<number> {
  let count = 0
  for (const { path } of kind.rules.filter(({ onErasure }) => onErasure === 'delete')) {
    const { deletedCount } = await modelOf(kind).deleteMany({ [path]: person })
    count += deletedCount
  }
  return count
}
