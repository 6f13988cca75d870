import type { Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { giveWay } from '../../platform/giving-way.js'
import type { Job } from '../../platform/jobs.js'
import { visibleTo } from '../organisation/scope.js'
import { systemActor } from '../people/access.js'
import { markCompared, sharedBy } from '../people/likeness.js'
import { peopleWhere, type Person } from '../people/people.js'
import { PairModel, type Pair, type Reason } from './models.js'

const everybody = visibleTo(systemActor('merging'))
const fields = { likeness: 1, words: 1, units: 1, unit: 1, institution: 1 } as const
/** So many have three hundred keys at most: a longer list no index would be asked for. */
const batch = 100
/** A name that more than so many have says nothing by itself: of those only who belong to one unit are compared. */
const mostNamesakes = 10
/** A staff number outweighs all else, then an address, then a name. */
const weights: Readonly<Record<Reason, number>> = { number: 8, address: 4, name: 2, unit: 1 }

/**
 * Finds for whoever is new, moved or called otherwise than before those whose keys are equal, by their index. Work that
 * was cut short is found again.
 */
export const comparePeople: Job = {
  id: 'merging:compare-people',
  every: '1 minute',
  async run() {
    for (;;) {
      const people = await peopleWhere({
        filter: { $and: [everybody, { uncompared: true }] },
        limit: batch,
        fields,
      })
      if (people.length === 0) return
      await compare(people)
      await markCompared(people)
      await giveWay()
    }
  },
}

async function compare(people: readonly Person[]): Promise<void> {
  const keys = [...new Set(people.flatMap(({ likeness = [] }) => likeness))]
  const alike = await peopleWhere({
    filter: { $and: [everybody, { likeness: { $in: keys } }] },
    fields,
  })
  const byKey = new Map<string, Person[]>()
  for (const person of alike)
    for (const key of person.likeness ?? []) byKey.set(key, [...(byKey.get(key) ?? []), person])
  const likely = people.flatMap((person) => {
    const own = person.likeness ?? []
    const others = new Set(own.flatMap((key) => byKey.get(key) ?? []))
    const namesakes = byKey.get(own.find((key) => key.startsWith('name:')) ?? '')?.length ?? 0
    return pairsOf(person, others, namesakes > mostNamesakes)
  })
  await store(likely)
  await forgetOthers(
    people.map(({ _id }) => _id),
    new Set(likely.map(({ _id }) => _id)),
  )
}

type Likely = Omit<Pair, 'state' | 'foundAt' | 'dismissedBy' | 'dismissedAt'>

function pairsOf(person: Person, others: ReadonlySet<Person>, isCommon: boolean): Likely[] {
  const likely = [...others].flatMap((other) => pairOf(person, other) ?? [])
  return isCommon ? likely.filter(({ reasons }) => reasons.join() !== 'name') : likely
}

function pairOf(one: Person, other: Person): Likely | undefined {
  if (one._id === other._id || one.institution !== other.institution) return undefined
  const shared = sharedBy(one, other)
  const units = one.units.filter((unit) => other.units.includes(unit))
  if (shared.length === 0 || units.length === 0) return undefined
  const reasons: Reason[] = [
    ...shared,
    ...(one.unit && one.unit === other.unit ? (['unit'] as const) : []),
  ]
  const [first = '', second = ''] = [one._id, other._id].toSorted()
  return {
    _id: `${first}|${second}`,
    ...{ first, second, reasons, units },
    strength: reasons.reduce((sum, reason) => sum + weights[reason], 0),
    words: [...new Set([...one.words, ...other.words])],
  }
}

async function store(pairs: readonly Likely[]): Promise<void> {
  if (pairs.length === 0) return
  await PairModel.bulkWrite(
    pairs.map(({ _id, first, second, ...found }) => ({
      updateOne: {
        filter: { _id },
        update: { $set: found, $setOnInsert: { first, second, state: 'open', foundAt: now() } },
        upsert: true,
      },
    })) as never,
    { ordered: false },
  )
}

/** What nobody has judged, and is alike no more. */
async function forgetOthers(people: readonly Id[], likely: ReadonlySet<Id>): Promise<void> {
  const ids = { $in: [...people] }
  const known = await Promise.all(
    [{ first: ids }, { second: ids }].map((side) =>
      PairModel.find({ ...side, state: 'open' }, { _id: 1 }).lean<Pick<Pair, '_id'>[]>(),
    ),
  )
  const gone = known.flat().flatMap(({ _id }) => (likely.has(_id) ? [] : [_id]))
  if (gone.length > 0) await PairModel.deleteMany({ _id: { $in: gone }, state: 'open' })
}
