import type { Document } from 'bson'
import { isPlainObject } from '../commands/schema.js'
import { compileExpression } from './expressions.js'
import { isNullish } from './values.js'

const NO_DOCUMENT = Buffer.from([5, 0, 0, 0, 0])

/**
 * Adds to a filter what its `$expr` says in a form that an index can serve: `$eq` of a field and a
 * value that is known beforehand. The expression stays and has the last word.
 */
export function narrowed(filter: Document, variables: Document): Document {
  const found = [...equalities(filter['$expr'], variables)]
  const inner = Array.isArray(filter['$and'])
    ? (filter['$and'] as Document[]).map((part) => narrowed(part, variables))
    : undefined
  const base = inner === undefined ? filter : { ...filter, $and: inner }
  return found.length === 0 ? base : { $and: [base, ...found] }
}

function* equalities(expression: unknown, variables: Document): Generator<Document> {
  if (!isPlainObject(expression)) return
  const { $and: both, $eq: pair } = expression as { $and?: unknown; $eq?: unknown }
  if (Array.isArray(both)) for (const part of both) yield* equalities(part, variables)
  if (!Array.isArray(pair) || pair.length !== 2) return
  const [left, right] = pair as [unknown, unknown]
  const path = pathOf(left) ?? pathOf(right)
  const other = pathOf(left) === undefined ? left : right
  if (path === undefined || !isKnown(other)) return
  const value = compileExpression(other, variables)(NO_DOCUMENT)
  if (!isNullish(value) && !Array.isArray(value)) yield { [path]: { $eq: value } }
}

const pathOf = (part: unknown): string | undefined =>
  typeof part === 'string' && /^\$[^$]/.test(part) ? part.slice(1) : undefined

/** A constant or a variable of `let`: the same for every document. */
const isKnown = (part: unknown): boolean =>
  typeof part === 'string'
    ? !part.startsWith('$') || /^\$\$(?!ROOT|CURRENT|REMOVE)/.test(part)
    : !isPlainObject(part)
