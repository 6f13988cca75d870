import { z, type ZodType } from 'zod'

const pageSize = 50
const batchSize = 500

/** What every paged list may be asked: words searched, page, and whether as a file. Extend it with a list's own filters. */
export const listQuery = z.object({
  q: z.string().trim().max(200).optional(),
  page: z.coerce.number().int().min(1).max(10_000).default(1),
  format: z.enum(['csv', 'xlsx']).optional(),
})

export type ListQuery = z.infer<typeof listQuery>

/** Fields a list is in the order of, each with an index of its own, ending in one that no two share. */
export type Order = Readonly<Record<string, 1 | -1>>

/** What a list may be sorted by: the names of its orders, with `-` before them turned round. */
export const sortOf = <K extends string>(orders: Readonly<Record<K, Order>>) => {
  const names = Object.keys(orders) as K[]
  return z.enum(names.flatMap((name) => [name, `-${name}` as const])).optional()
}

/** The order a sort names. `usual` where none is asked for. */
export function orderOf<K extends string>(
  orders: Readonly<Record<K, Order>>,
  sort: K | `-${K}` | undefined,
  usual: K | `-${K}`,
): Order {
  const wanted: string = sort ?? usual
  if (!wanted.startsWith('-')) return orders[wanted as K]
  const turned = Object.entries(orders[wanted.slice(1) as K]).map(([field, way]) => [field, -way])
  return Object.fromEntries(turned) as Order
}

/** The shape of every paged list: `next` is the address of the following page, or null. */
export const pageOf = <S extends ZodType>(item: S) =>
  z.object({ items: z.array(item), next: z.string().nullable(), total: z.number().int() })

export interface Page<T> {
  readonly items: T[]
  readonly next: string | null
  readonly total: number
}

/** Set on the query of a file being written, which no address can say: it is fetched in larger parts. */
const inBatches = Symbol('in batches')

interface Asked {
  readonly page: number
  readonly [inBatches]?: true
}

/** The query of one part of a file; the parts are counted from 1. */
export const batchOf = <Q extends object>(query: Q, page: number): Q & Asked => ({
  ...query,
  page,
  [inBatches]: true,
})

const sizeOf = (query: Asked): number => (query[inBatches] ? batchSize : pageSize)

/** What to skip and take for a page: one more than shown tells whether another follows. */
export const windowOf = (query: Asked): { skip: number; limit: number } => ({
  skip: (query.page - 1) * sizeOf(query),
  limit: sizeOf(query) + 1,
})

/** Makes a page of what `windowOf` fetched; `path` and `query` give the next address. */
export function toPage<T>(
  fetched: readonly T[],
  total: number,
  { path, query }: { path: string; query: Asked & Record<string, unknown> },
): Page<T> {
  const size = sizeOf(query)
  const next = fetched.length > size ? addressOf(path, { ...query, page: query.page + 1 }) : null
  return { items: fetched.slice(0, size), next, total }
}

/** A path with the set values of a query; what is unset is left out. */
export function addressOf(path: string, query: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(query).flatMap(([key, value]): [string, string][] =>
    value === undefined || value === null || value === '' ? [] : [[key, String(value)]],
  )
  return pairs.length > 0 ? `${path}?${new URLSearchParams(pairs).toString()}` : path
}
