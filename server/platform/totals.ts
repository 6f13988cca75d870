import { LRUCache } from 'lru-cache'
import type { Model, QueryFilter } from 'mongoose'

/** Up to here a total is counted at each look; above, it may be a minute old. */
export const exactUpTo = 1_000
const maxAge = 60_000

const known = new LRUCache<string, number, () => Promise<number>>({
  max: 500,
  ttl: maxAge,
  allowStale: true,
  noDeleteOnStaleGet: true,
  fetchMethod: async (_key, _stale, { context: count }) => count(),
})

/**
 * How many documents a list's filter holds. Exact up to a thousand; a larger total is kept for a minute, and then shown
 * once more while it is counted anew. Not for a filter that names the present moment: nothing would be found again.
 */
export async function totalOf<T>(model: Model<T>, filter: QueryFilter<T>): Promise<number> {
  const key = `${model.modelName} ${JSON.stringify(filter)}`
  const large = largeTotal(key)
  if (large !== undefined) return large
  const few = await model.countDocuments(filter, { limit: exactUpTo + 1 })
  return few > exactUpTo ? keptTotal(key, () => model.countDocuments(filter).exec()) : few
}

/** Which documents of a list are fetched, and in what order. */
export interface Window {
  readonly sort: Readonly<Record<string, 1 | -1>>
  readonly skip: number
  readonly limit: number
}

/** The documents of a list that lie in a window, and how many the whole list holds, as `totalOf` says. */
export async function pageAndTotal<T>(
  model: Model<T>,
  filter: QueryFilter<T>,
  { sort, skip, limit }: Window,
): Promise<{ found: T[]; total: number }> {
  const [found, total] = await Promise.all([
    model.find(filter).sort(sort).skip(skip).limit(limit).lean<T[]>(),
    totalOf(model, filter),
  ])
  return { found, total }
}

/** A total above a thousand that was counted within the last minute. */
export function largeTotal(key: string): number | undefined {
  const total = known.get(key, { allowStale: false })
  return total !== undefined && total > exactUpTo ? total : undefined
}

/** A large total that is counted in some other way, kept as long. The key says all that it depends on. */
export const keptTotal = async (key: string, count: () => Promise<number>): Promise<number> =>
  (await known.fetch(key, { context: count })) ?? 0

/** Forgets what was counted, for another database in the same process. */
export const forgetTotals = (): void => known.clear()
