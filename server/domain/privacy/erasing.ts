import { Conflict, Invalid } from '../../errors.js'
import type { Actor, Id, Name } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { isDuplicateKey } from '../../platform/database.js'
import { owes, settle } from '../../platform/owed.js'
import { audit } from '../people/audit.js'
import type { PersonalData } from '../people/contract.js'
import { peopleNamed, type Person } from '../people/people.js'
import { ErasureModel, type Erasure } from './models.js'
import { countOf, kinds, modelOf, type Kind } from './records.js'

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
  const fates = await Promise.all(
    kinds().map(async (kind) => {
      const { onErasure, reason } = mildest(kind)
      return {
        label: kind.label,
        count: await countOf(kind, person),
        fate: onErasure,
        reason: reason ? (`privacy:reasons.${reason}` as Name) : null,
      }
    }),
  )
  return fates.filter(({ count }) => count > 0)
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
  const erasure = {
    _id: person._id,
    person: person._id,
    by: actor.person ?? actor.name,
    at: now(),
    revision: 1,
    owed: ['erase', 'log'],
  }
  await ErasureModel.collection.insertOne(erasure as never).catch((error: unknown) => {
    if (!isDuplicateKey(error)) throw error
  })
  await settle(ErasureModel, person._id)
}

/** Kind by kind, the person last: done again after a crash, it finds less to do. */
owes<Erasure>(ErasureModel, {
  erase: async ({ _id, person, removed: before = [] }) => {
    const removed = new Map(before.map(({ model, count }) => [model, count]))
    for (const kind of kinds()) {
      const count = await applyTo(kind, person)
      if (count > 0) removed.set(kind.model, count)
    }
    const counts = [...removed].map(([model, count]) => ({ model, count }))
    await ErasureModel.updateOne({ _id }, { $set: { removed: counts, doneAt: now() } })
  },
  log: async ({ person, by }) => {
    const name = (await peopleNamed([by])).get(by)?.name ?? by
    const actor: Actor = { kind: 'person', name, person: by, grants: [], language: 'en' }
    await audit(actor, 'privacy:erased', { object: person })
  },
})

async function applyTo(kind: Kind, person: Id): Promise<number> {
  let count = 0
  for (const { path, onErasure, anonymise } of kind.rules) {
    if (onErasure === 'delete') {
      const { deletedCount } = await modelOf(kind).deleteMany({ [path]: person })
      count += deletedCount
    }
    await anonymise?.(person)
  }
  return count
}

/** A kind in which a person is in several ways is shown by the way that keeps most. */
function mildest({ rules }: Kind): Pick<PersonalData, 'onErasure' | 'reason'> {
  const own = rules.filter(({ others }) => !others)
  const by = (fate: PersonalData['onErasure']) => own.find(({ onErasure }) => onErasure === fate)
  return by('keep') ?? by('anonymise') ?? { onErasure: 'delete' }
}
