import type { QueryFilter } from 'mongoose'
import { NotFound } from '../../errors.js'
import { orderOf, windowOf } from '../../http/lists.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { pageAndTotal } from '../../platform/totals.js'
import { wordFilter } from '../../platform/words.js'
import { scopeOf, visibleTo } from '../organisation/scope.js'
import { audit } from '../people/audit.js'
import { peopleWhere, type Person } from '../people/people.js'
import { pairOrders, type PairsQuery } from './forms.js'
import { manage } from './merging.js'
import { PairModel, type Pair } from './models.js'

export type { Pair } from './models.js'

/** Two accounts that may be one person's, the one that would rather stay first. */
export interface PairFound {
  readonly pair: Pair
  readonly people: readonly [Person, Person]
}

/** A page of pairs both of whom the actor manages, the likeliest first. One more than shown is fetched. */
export async function listPairs(
  actor: Actor,
  query: PairsQuery,
): Promise<{ pairs: PairFound[]; total: number }> {
  const filter = listed(actor, query)
  const sort = orderOf(pairOrders, query.sort, '-strength')
  const { found, total } = await pageAndTotal(PairModel, filter, { sort, ...windowOf(query) })
  return { pairs: await withPeople(actor, found), total }
}

/** A pair both of whom the actor manages. Throws `NotFound`. */
export async function findPair(actor: Actor, id: Id): Promise<Pair> {
  const pair = await PairModel.findById(id).lean<Pair>()
  const [found] = pair ? await withPeople(actor, [pair]) : []
  if (!found) throw new NotFound()
  return found.pair
}

/** Says that two accounts are not one person's. */
export async function dismiss(actor: Actor, { _id, first, second }: Pair): Promise<void> {
  const by = { dismissedBy: actor.person ?? actor.name, dismissedAt: now() }
  const { modifiedCount } = await PairModel.updateOne(
    { _id, state: 'open' },
    { $set: { state: 'dismissed', ...by } },
  )
  if (modifiedCount === 0) return
  await audit(actor, 'merging:dismissed', { object: first, details: { other: second } })
}

/** Takes that back. */
export async function reopen(actor: Actor, { _id, first, second }: Pair): Promise<void> {
  const { modifiedCount } = await PairModel.updateOne(
    { _id, state: 'dismissed' },
    { $set: { state: 'open' }, $unset: { dismissedBy: 1, dismissedAt: 1 } },
  )
  if (modifiedCount === 0) return
  await audit(actor, 'merging:reopened', { object: first, details: { other: second } })
}

/** The open pairs that a person is one of, as far as the actor manages both. */
export async function pairsWith(actor: Actor, person: Id): Promise<PairFound[]> {
  const found = await PairModel.find({
    $or: [{ first: person }, { second: person }],
    state: 'open',
  })
    .limit(shownAtOnce)
    .lean<Pair[]>()
  return withPeople(actor, found)
}

const shownAtOnce = 5

/** Some pairs, for the access test. */
export const somePairs = (): Promise<Pair[]> => PairModel.find({}).limit(6).lean<Pair[]>().exec()

function listed(actor: Actor, { q, state, reason }: PairsQuery): QueryFilter<Pair> {
  const { everything, units } = scopeOf(actor, manage)
  return {
    ...(!everything && { units: { $in: units } }),
    state,
    ...(reason && { reasons: reason }),
    ...wordFilter(q),
  } as object
}

/** Where somebody moved a moment ago the pair may not know yet: the people themselves are asked. */
async function withPeople(actor: Actor, pairs: readonly Pair[]): Promise<PairFound[]> {
  const ids = pairs.flatMap(({ first, second }) => [first, second])
  const found = await peopleWhere({
    filter: { $and: [visibleTo(actor, manage), { _id: { $in: ids } }] },
  })
  const people = new Map(found.map((person) => [person._id, person]))
  return pairs.flatMap((pair) => {
    const [one, other] = [people.get(pair.first), people.get(pair.second)]
    return one && other ? [{ pair, people: likelierFirst(one, other) }] : []
  })
}

/** The account that rather stays: the one in use, then the one used last. */
export function likelierFirst(one: Person, other: Person): readonly [Person, Person] {
  const ahead = rank(other) - rank(one) || lastUsed(other) - lastUsed(one)
  return ahead > 0 ? [other, one] : [one, other]
}

const rank = ({ status }: Person): number => ['deactivated', 'invited', 'active'].indexOf(status)
const lastUsed = ({ lastSignInAt, createdAt }: Person): number =>
  Number(lastSignInAt ?? 0) || Number(createdAt) / 1e6
