import type { Actor, Id, Name } from '../../../kernel/contract.js'
import { giveWay } from '../../../platform/giving-way.js'
import type { Job } from '../../../platform/jobs.js'
import { institutionIds } from '../../organisation/units.js'
import { systemActor } from '../../people/access.js'
import { audit } from '../../people/audit.js'
import { peopleOfInstitution } from '../../people/people-of-institution.js'
import type { Due, Removable } from '../contract.js'
import { modelOf } from '../records.js'
import { monthsAgo } from './months.js'
import { installation, isChosen, keptAt, kindsAt, type Kept } from './rules.js'

const batch = 500

/** How many records of each kind the job would remove today at a place that keeps them as long. */
export const countDue = (place: Id, kept: Kept): Promise<Map<Name, number>> =>
  throughKinds(place, kept, async (kind, asked) =>
    modelOf(kind).countDocuments(await kind.due(asked)),
  )

/** Removes each night what is older than it is kept, where somebody has said how long. What a crash left is removed the next time. */
export const removeOld: Job = {
  id: 'privacy:remove-old',
  dailyAt: '03:10',
  async run() {
    for (const place of [...(await institutionIds()), installation]) await removeAt(place)
  },
}

async function removeAt(place: Id): Promise<void> {
  if (!(await isChosen(place))) return
  const counts = await throughKinds(place, await keptAt(place), removeDue)
  const removed = [...counts].filter(([, count]) => count > 0)
  if (removed.length === 0) return
  const actor: Actor = {
    ...systemActor('privacy:remove-old'),
    ...(place !== installation && { institution: place }),
  }
  await audit(actor, 'privacy:old-removed', { object: place, details: Object.fromEntries(removed) })
}

type Deal = (kind: Removable, asked: Due) => Promise<number>

/** Deals with what is due of each kind at a place, and adds up. */
async function throughKinds(place: Id, kept: Kept, deal: Deal): Promise<Map<Name, number>> {
  const counts = new Map<Name, number>()
  for (const kind of kindsAt(place)) {
    const months = kept.get(kind.id) ?? null
    if (months === null) continue
    const before = monthsAgo(months)
    let count = 0
    for await (const owners of ownersAt(place, kind)) count += await deal(kind, { before, owners })
    counts.set(kind.id, count)
  }
  return counts
}

async function* ownersAt(place: Id, { of }: Removable): AsyncGenerator<readonly Id[]> {
  if (of === 'people') yield* peopleOfInstitution(place)
  else yield of === 'institution' ? [place] : []
}

async function removeDue(kind: Removable, asked: Due): Promise<number> {
  const model = modelOf(kind)
  const filter = await kind.due(asked)
  const removed = new Set<Id>()
  for (;;) {
    const found = await model.find(filter, { _id: 1 }).limit(batch).lean<{ _id: Id }[]>()
    const ids = found.map(({ _id }) => _id)
    if (ids.length === 0) return removed.size
    if (ids.every((id) => removed.has(id))) throw new Error(`${kind.id} removes nothing`)
    if (kind.remove) await kind.remove(ids)
    else await model.deleteMany({ $and: [filter, { _id: { $in: ids } }] })
    for (const id of ids) removed.add(id)
    await giveWay()
  }
}
