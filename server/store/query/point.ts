import { Binary, Int32, ObjectId, type Document } from 'bson'
import type { Collection } from '../storage/catalog.js'
import { idPrefix, keyAfter, MAX_KEY_BYTES } from '../storage/environment.js'
import { keyOf } from './bounds.js'
import type { IndexPlan } from './plan.js'

/** What the planner would give a whole unique key. */
const SCORE = 1010

/** The plan for `{ _id: value }`, by far the commonest question, without weighing any other. */
export function pointPlan(
  { indexes }: Pick<Collection, 'indexes'>,
  filter: Document,
): IndexPlan | undefined {
  const [index] = indexes
  const value: unknown = filter['_id']
  if (index?.name !== '_id_' || !isPlain(value) || hasMore(filter)) return undefined
  const from = Buffer.concat([idPrefix(index.id), keyOf(value, false)])
  if (from.length > MAX_KEY_BYTES) return undefined
  return {
    kind: 'index',
    index,
    ranges: [{ from, to: keyAfter(from) }],
    merged: undefined,
    backward: false,
    sorted: true,
    isPoint: true,
    isExact: true,
    score: SCORE,
    isBound: true,
    isOrdering: false,
    others: [],
  }
}

function hasMore(filter: Document): boolean {
  for (const path in filter) if (path !== '_id') return true
  return false
}

/** Values that are no operators and lie under one key. */
const isPlain = (value: unknown): boolean =>
  typeof value === 'string' ||
  value instanceof ObjectId ||
  value instanceof Int32 ||
  value instanceof Binary
