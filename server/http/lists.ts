import { z, type ZodType } from 'zod'

const pageSize = 50

/** What every paged list may be asked: words searched, order, page. Extend it with a list's own filters. */
export const listQuery = z.object({
  q: z.string().trim().max(200).optional(),
  sort: z.string().max(40).optional(),
  page: z.coerce.number().int().min(1).max(10_000).default(1),
})

export type ListQuery = z.infer<typeof listQuery>

/** The shape of every paged list: `next` is the address of the following page, or null. */
export const pageOf = <S extends ZodType>(item: S) =>
  z.object({ items: z.array(item), next: z.string().nullable(), total: z.number().int() })

export interface Page<T> {
  readonly items: T[]
  readonly next: string | null
  readonly total: number
}

/** What to skip and take for a page: one more than shown tells whether another follows. */
export const windowOf = ({ page }: Pick<ListQuery, 'page'>): { skip: number; limit: number } => ({
  skip: (page - 1) * pageSize,
  limit: pageSize + 1,
})

/** Makes a page of what `windowOf` fetched; `path` and `query` give the next address. */
export function toPage<T>(
  fetched: readonly T[],
  total: number,
  { path, query }: { path: string; query: ListQuery & Record<string, unknown> },
): Page<T> {
  const more = fetched.length > pageSize
  const next = more ? addressOf(path, { ...query, page: query.page + 1 }) : null
  return { items: fetched.slice(0, pageSize), next, total }
}

/** A path with the set values of a query; what is unset is left out. */
export function addressOf(path: string, query: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(query).flatMap(([key, value]): [string, string][] =>
    value === undefined || value === null || value === '' ? [] : [[key, String(value)]],
  )
  return pairs.length > 0 ? `${path}?${new URLSearchParams(pairs).toString()}` : path
}
