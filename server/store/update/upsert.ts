import type { Document } from 'bson'
import { rawValue } from '../bson/compare.js'
import { encode } from '../bson/raw.js'
import { isPlainObject } from '../commands/schema.js'
import { MongoError } from '../errors.js'
import { isOperators, isRegex } from '../query/predicates.js'
import { eachPlace } from './paths.js'
import { documentBytes, ObjectNode } from './tree.js'
import type { CompiledUpdate } from './update.js'

/** The document that an upsert inserts: what the filter demands by equality, then the update. */
export function upsertDocument(filter: Document, update: CompiledUpdate): Buffer {
  const equalities = new Map<string, unknown>()
  collect(filter, equalities)
  const root = ObjectNode.open(encode({}), 0)
  for (const [path, value] of equalities)
    if (!update.isReplacement || path === '_id') put(root, path, value)
  return update.apply(documentBytes(root), { isInsert: true })
}

function put(root: ObjectNode, path: string, value: unknown): void {
  const places = { position: undefined, includes: () => false }
  eachPlace(root, { parts: path.split('.'), creates: true, places }, (place) => {
    place.set(rawValue(value))
  })
}

function collect(filter: Document, into: Map<string, unknown>): void {
  for (const [path, condition] of Object.entries(filter) as [string, unknown][]) {
    if (path === '$and' || (path === '$or' && (condition as unknown[]).length === 1))
      for (const part of condition as Document[]) collect(part, into)
    else if (!path.startsWith('$')) addEquality(path, condition, into)
  }
}

function addEquality(path: string, condition: unknown, into: Map<string, unknown>): void {
  const [value] = valuesOf(condition)
  if (value === undefined || isRegex(value)) return
  for (const other of into.keys())
    if (other === path || other.startsWith(`${path}.`) || path.startsWith(`${other}.`))
      throw new MongoError(54, `cannot infer query fields to set, path '${path}' is matched twice`)
  into.set(path, value)
}

/** The one value that a condition leaves, if it leaves only one. */
function valuesOf(condition: unknown): unknown[] {
  if (!isOperators(condition)) return [condition]
  if ('$eq' in condition) return [condition['$eq']]
  const list: unknown = condition['$in'] ?? condition['$all']
  if (!Array.isArray(list) || list.length !== 1) return []
  return list.filter((value) => !(isPlainObject(value) && isOperators(value)))
}
