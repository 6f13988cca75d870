import {
  entries,
  idPrefix,
  type Entry,
  type Environment,
  type KeyRange,
} from '../storage/environment.js'
import type { Collection } from '../storage/catalog.js'
import { recordIdOf, recordKey, storedKey } from '../storage/index-keys.js'
import type { IndexPlan, Plan } from './plan.js'

/** One record: where it is and its bytes. */
export interface Row {
  readonly id: number
  readonly raw: Buffer
}

/** Reads what a plan points at; each record once, the filter not yet applied. */
export function* execute(
  environment: Environment,
  collection: Collection,
  plan: Plan,
): Generator<Row> {
  if (plan.kind === 'scan') {
    yield* scan(environment, collection, plan.backward)
    return
  }
  const seen = plan.kind === 'union' || repeats(plan) ? new Set<number>() : undefined
  for (const id of recordIds(environment, plan)) {
    if (seen?.has(id) === true) continue
    seen?.add(id)
    const raw = environment.data.get(recordKey(collection.id, id))
    if (raw !== undefined) yield { id, raw }
  }
}

function* scan(environment: Environment, { id }: Collection, backward: boolean): Generator<Row> {
  const range = { from: idPrefix(id), to: idPrefix(id + 1) }
  for (const { key, value } of entries(environment.data, range, backward))
    yield { id: recordIdOf(key), raw: value }
}

/** Whether one record may lie under several of the keys that a plan reads. */
function repeats({ index, ranges, isPoint }: IndexPlan): boolean {
  return !isPoint && (index.multikey.includes(true) || ranges.length > 1)
}

function* recordIds(environment: Environment, plan: Plan): Generator<number> {
  if (plan.kind === 'union')
    for (const branch of plan.branches) yield* recordIds(environment, branch)
  if (plan.kind !== 'index') return
  if (plan.isPoint) yield* point(environment, plan)
  else if (plan.merged === undefined) yield* sequence(environment, plan)
  else yield* merge(environment, plan, plan.merged)
}

function* point(environment: Environment, { ranges }: IndexPlan): Generator<number> {
  const [range] = ranges
  const value = range === undefined ? undefined : environment.index.get(storedKey(range.from))
  if (value !== undefined) yield recordIdOf(value)
}

function* sequence(environment: Environment, plan: IndexPlan): Generator<number> {
  const ranges = plan.backward ? plan.ranges.toReversed() : plan.ranges
  for (const range of disjoint(ranges))
    for (const { value } of entries(environment.index, range, plan.backward))
      yield recordIdOf(value)
}

/** Widened ranges of very long keys can be the same one several times. */
function disjoint(ranges: readonly KeyRange[]): readonly KeyRange[] {
  return ranges.filter((range, at) => at === 0 || ranges[at - 1]?.from.equals(range.from) !== true)
}

interface Head {
  readonly rest: Iterator<Entry>
  readonly fixed: number
  entry: Entry
}

/** Takes, again and again, the range whose next key comes first behind its fixed part. */
function* merge(
  environment: Environment,
  { ranges, backward }: IndexPlan,
  fixed: readonly number[],
): Generator<number> {
  const heads: Head[] = []
  for (const [at, range] of ranges.entries()) {
    const rest = entries(environment.index, range, backward)
    const next = rest.next()
    if (next.done !== true)
      insert(heads, { rest, fixed: fixed[at] ?? 0, entry: next.value }, backward)
  }
  for (let head = heads.pop(); head !== undefined; head = heads.pop()) {
    yield recordIdOf(head.entry.value)
    const next = head.rest.next()
    if (next.done === true) continue
    head.entry = next.value
    insert(heads, head, backward)
  }
}

/** Keeps the heads ordered, the next one last. */
function insert(heads: Head[], head: Head, backward: boolean): void {
  let low = 0
  let high = heads.length
  while (low < high) {
    const middle = (low + high) >> 1
    const other = heads[middle]
    const order = other === undefined ? 0 : compareTails(head, other) * (backward ? -1 : 1)
    if (order >= 0) high = middle
    else low = middle + 1
  }
  heads.splice(low, 0, head)
}

function compareTails(a: Head, b: Head): number {
  const [left, right] = [a.entry.key, b.entry.key]
  return left.compare(right, b.fixed, right.length, a.fixed, left.length)
}
