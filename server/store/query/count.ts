import type { Document } from 'bson'
import { isPlainObject } from '../commands/schema.js'
import type { Collection } from '../storage/catalog.js'
import { idPrefix, prefixEnd, type Environment } from '../storage/environment.js'
import { PLAIN_KEY_BYTES, type Index } from '../storage/index-keys.js'
import { keyOf } from './bounds.js'

/**
 * How many documents match, at most as many as the limit: for a filter that wants texts in the first fields of an index and
 * nothing else. Only keys are counted, no document is read. Nothing for any other filter.
 */
export function countByKeys(
  { index: keys }: Pick<Environment, 'index'>,
  { indexes, count }: Pick<Collection, 'indexes' | 'count'>,
  { filter, limit = Infinity }: { readonly filter: Document; readonly limit?: number },
): number | undefined {
  const wanted = new Map<string, string>()
  if (!collect(filter, wanted)) return undefined
  if (wanted.size === 0) return Math.min(count, limit)
  const index = indexes.find((one) => answers(one, wanted))
  if (index === undefined) return undefined
  const texts = index.fields.slice(0, wanted.size)
  const start = Buffer.concat([
    idPrefix(index.id),
    ...texts.map(({ path, descending }) => keyOf(wanted.get(path), descending)),
  ])
  if (start.length > PLAIN_KEY_BYTES) return undefined
  return Math.min(keys.getKeysCount({ start, end: prefixEnd(start) }), limit)
}

/** The text that each path must hold; false when the filter wants anything else. */
function collect(filter: Document, wanted: Map<string, string>): boolean {
  return Object.entries(filter).every(([path, condition]: [string, unknown]) => {
    if (path === '$and')
      return Array.isArray(condition) && condition.every((part: Document) => collect(part, wanted))
    const text = textOf(condition)
    if (path.startsWith('$') || text === undefined) return false
    if (wanted.has(path)) return wanted.get(path) === text
    wanted.set(path, text)
    return true
  })
}

function textOf(condition: unknown): string | undefined {
  if (typeof condition === 'string') return condition
  if (!isPlainObject(condition)) return undefined
  const [[operator, operand] = ['', undefined], ...others] = Object.entries(condition)
  if (others.length > 0) return undefined
  const [only, another] = operator === '$in' && Array.isArray(operand) ? (operand as unknown[]) : []
  const text = operator === '$eq' ? operand : another === undefined ? only : undefined
  return typeof text === 'string' ? text : undefined
}

/** Whether each document has one key under those texts: none left out, none cut, none for each element of another field. */
function answers(index: Index, wanted: ReadonlyMap<string, string>): boolean {
  if (!index.usable || index.sparse || index.partial !== undefined || index.truncated) return false
  const first = index.fields.slice(0, wanted.size)
  return (
    first.length === wanted.size &&
    first.every(({ path, hashed }) => wanted.has(path) && !hashed) &&
    index.multikey.filter(Boolean).length <= 1 &&
    index.multikey.indexOf(true) < wanted.size
  )
}
