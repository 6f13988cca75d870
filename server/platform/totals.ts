import { LRUCache } from 'lru-cache'
import type { Model, QueryFilter } from 'mongoose'

/** Up to here a total is counted at each look; above, it may be a minute old. */
const exactUpTo = 1_000
const maxAge = 60_000

interface Counted {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- of whatever model
  readonly model: Model<any>
  readonly filter: object
}

const known = new LRUCache<string, number, Counted>({
  max: 500,
  ttl: maxAge,
  allowStale: true,
  fetchMethod: async (_key, _stale, { context: { model, filter } }) => model.countDocuments(filter),
})

/**
 * How many documents a list's filter holds. Exact up to a thousand; a larger total is kept for a minute, and then shown
 * once more while it is counted anew. Not for a filter that names the present moment: nothing would be found again.
 */
export async function totalOf<T>(model: Model<T>, filter: QueryFilter<T>): Promise<number> {
  const few = await model.countDocuments(filter, { limit: exactUpTo + 1 })
  if (few <= exactUpTo) return few
  const key = `${model.modelName} ${JSON.stringify(filter)}`
  return (await known.fetch(key, { context: { model, filter } })) ?? few
}

/** Forgets what was counted, for another database in the same process. */
export const forgetTotals = (): void => known.clear()
