import { performance } from 'node:perf_hooks'
import type { Document } from 'bson'
import { isPlainObject, numeric } from '../commands/schema.js'
import { MongoError } from '../errors.js'
import { isSliceOver } from '../slices.js'
import { namespaceOf, type Collection } from '../storage/catalog.js'
import type { Environment } from '../storage/environment.js'
import { countByKeys } from './count.js'
import { execute, type Row } from './execute.js'
import { compileFilter, type FilterOptions } from './match.js'
import { narrowest } from './narrowest.js'
import { planQuery, type Plan, type Question } from './plan.js'
import { pointPlan } from './point.js'
import { planSort, sortRows } from './sort.js'

/** Rows between two looks at the clock. */
const ROWS_PER_LOOK = 16

/** Rows as they are found; `undefined` is a pause, in which others may run. */
export type Rows = Generator<Row | undefined, void>

/** What is read of a collection, and in which order. */
export interface Query {
  readonly filter: Document
  readonly sort?: Document | undefined
  readonly skip?: number | undefined
  /** Zero or none for all. */
  readonly limit?: number | undefined
  readonly hint?: string | Document | undefined
  readonly collation?: Document | undefined
  /** Values for `$$name` in expressions. */
  readonly variables?: Document | undefined
  readonly deadline?: number | undefined
}

/** Reads the rows that a query asks for. */
export function* read(environment: Environment, collection: Collection, query: Query): Rows {
  const { sort, skip = 0, limit = 0 } = query
  const { collation } = filterOptions(collection, query)
  const order = sort === undefined ? undefined : planSort(sort, { collation })
  const plan = planFor(environment, collection, query)
  const isExact = plan.kind === 'index' && plan.isExact
  const matching = isExact
    ? execute(environment, collection, plan)
    : filtered(environment, collection, { plan, query })
  if (plan.sorted || order === undefined) yield* slice(matching, skip, limit)
  else yield* slice(sortRows(matching, order, limit === 0 ? Infinity : skip + limit), skip, 0)
}

/** How many documents match, at most as many as the limit, where keys alone can tell. */
export function countKeys(
  environment: Environment,
  collection: Collection,
  { filter, hint, collation, limit = Infinity }: Query,
): number | undefined {
  const isFree = hint === undefined && isSimple(collation ?? collection.options['collation'])
  return isFree ? countByKeys(environment, collection, { filter, limit }) : undefined
}

/** How a query would be read. */
export function planFor(environment: Environment, collection: Collection, query: Query): Plan {
  const mayUseIndexes = isSimple(query.collation ?? collection.options['collation'])
  const isFree = query.hint === undefined && mayUseIndexes && query.sort?.['$natural'] === undefined
  const point = isFree ? pointPlan(collection, query.filter) : undefined
  if (point !== undefined) return point
  const question: Question = {
    filter: query.filter,
    sort: query.sort,
    hint: resolveHint(collection, query.hint),
    mayUseIndexes,
  }
  return narrowest(environment, planQuery(collection, question))
}

/** Whether strings are compared byte by byte. */
export function isSimple(collation: unknown): boolean {
  return !isPlainObject(collation) || (collation['locale'] ?? 'simple') === 'simple'
}

/** The index a request names, by name or by key pattern. */
export function resolveHint(
  collection: Pick<Collection, 'indexes'>,
  hint: Query['hint'],
): Question['hint'] {
  if (hint === undefined || (isPlainObject(hint) && Object.keys(hint).length === 0))
    return undefined
  if (isPlainObject(hint) && hint['$natural'] !== undefined)
    return numeric(hint['$natural']) < 0 ? 'backward' : 'forward'
  const pattern = typeof hint === 'string' ? undefined : patternOf(hint)
  const found = collection.indexes.find((index) => {
    if (index.spec['hidden'] === true) return false
    return pattern === undefined
      ? index.name === hint
      : patternOf(index.spec['key'] as Document) === pattern
  })
  if (found !== undefined) return found
  const prefix = 'error processing query: planner returned error :: caused by :: '
  throw new MongoError(2, `${prefix}hint provided does not correspond to an existing index`)
}

/** A key pattern as text, to compare two of them. */
export function patternOf(key: Document): string {
  const fields = Object.entries(key).map(([path, direction]: [string, unknown]) => {
    return [path, typeof direction === 'string' ? direction : numeric(direction)]
  })
  return JSON.stringify(fields)
}

function* filtered(
  environment: Environment,
  collection: Collection,
  { plan, query }: { plan: Plan; query: Query },
): Rows {
  const matches = compileFilter(query.filter, filterOptions(collection, query))
  const clock = new Clock(query.deadline)
  for (const row of execute(environment, collection, plan)) {
    if (collection.dropped)
      throw new MongoError(175, `collection dropped: ${namespaceOf(collection)}`)
    if (clock.isPauseDue()) yield undefined
    if (matches(row.raw)) yield row
  }
}

/** How the values of a query are compared and which variables its expressions know. */
export function filterOptions(collection: Collection, query: Query): FilterOptions {
  const collation: unknown = query.collation ?? collection.options['collation']
  return { collation, variables: query.variables }
}

/** Tells a long piece of work when to let others in and when to give up. */
class Clock {
  readonly #deadline: number
  #rows = 0

  constructor(deadline = Infinity) {
    this.#deadline = deadline
  }

  isPauseDue(): boolean {
    this.#rows += 1
    if (this.#rows % ROWS_PER_LOOK !== 0) return false
    if (performance.now() > this.#deadline)
      throw new MongoError(50, 'operation exceeded time limit')
    return isSliceOver()
  }
}

function* slice(rows: Iterable<Row | undefined>, skip: number, limit: number): Rows {
  let seen = 0
  const end = limit === 0 ? Infinity : skip + limit
  for (const row of rows) {
    if (row === undefined) yield undefined
    else if (++seen > skip) yield row
    if (seen >= end) return
  }
}
