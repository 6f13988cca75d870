import { NotFound } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { subject } from '../../http/routes.js'
import type { Person } from '../people/people.js'
import { somePeople, visiblePerson } from './directory.js'
import { findAbsence, someAbsences } from './absences.js'
import type { Absence, Post, Unit } from './models.js'
import { findPost, somePosts } from './posts.js'
import { findUnit, unitsKnownTo } from './units.js'
import { systemActor } from '../people/access.js'

/** A person as permissions see one. */
export const ownedPerson = ({ _id, units, manager }: Person) => ({
  units,
  person: _id,
  manager: manager ?? null,
})

/** `:person`, for whoever may read it: others get 404. */
export const onPerson = subject({
  name: 'person',
  load: (actor: Actor, id: Id) => visiblePerson(actor, id),
  owned: ownedPerson,
  sample: async () =>
    (await somePeople()).map((person) => ({ id: person._id, ...ownedPerson(person) })),
})

/** `:unit`, within the institutions the actor belongs to or works for. */
export const onUnit = subject({
  name: 'unit',
  load: findUnit,
  owned: ({ units }: Unit) => ({ units }),
  sample: async () =>
    (await unitsKnownTo(systemActor('sample')))
      .slice(0, 6)
      .map(({ _id, units }) => ({ id: _id, units })),
})

/** `:unit` where it is an institution, a unit at the root. */
export const onInstitution = subject({
  name: 'unit',
  load: async (actor: Actor, id: Id) => {
    const unit = await findUnit(actor, id)
    if (unit.parent !== null) throw new NotFound()
    return unit
  },
  owned: ({ units }: Unit) => ({ units }),
  sample: async () =>
    (await unitsKnownTo(systemActor('sample')))
      .filter(({ parent }) => parent === null)
      .map(({ _id, units }) => ({ id: _id, units })),
})

/** `:post`, within the units whose posts the actor manages. */
export const onPost = subject({
  name: 'post',
  load: findPost,
  owned: ({ units }: Post) => ({ units }),
  sample: async () => {
    const seen = new Set<Id>()
    const posts = (await somePosts()).filter(({ unit }) => !seen.has(unit) && seen.add(unit))
    return posts.slice(0, 6).map(({ _id, units }) => ({ id: _id, units }))
  },
})

/** `:absence`, for the one who is away. */
export const onAbsence = subject({
  name: 'absence',
  load: findAbsence,
  owned: ({ person }: Absence) => ({ owners: [person] }),
  sample: async () =>
    (await someAbsences()).map(({ _id, person }) => ({ id: _id, owners: [person] })),
})
