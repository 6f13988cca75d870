import type { Document } from 'bson'
import { decodeValue, rawField } from '../bson/raw.js'
import { evaluateVariables } from '../aggregation/expressions.js'
import { MongoError } from '../errors.js'
import type { Row } from '../query/execute.js'
import { compileFilter, compilePlaceFinder } from '../query/match.js'
import { filterOptions, read, resolveHint } from '../query/read.js'
import type { Collection } from '../storage/catalog.js'
import { compileUpdate, type CompiledUpdate } from '../update/update.js'
import { upsertDocument } from '../update/upsert.js'
import { command, targetNamespace, type Call, type Command } from './command.js'
import { checkSize, insertOne, writable } from './insert.js'
import { checkArguments, isPlainObject, type Arguments } from './schema.js'
import { statementsOf } from './statements.js'
import { validate } from './validation.js'
import { runStatements } from './write-errors.js'

/** One change to documents, whichever command asks for it. */
export interface Change {
  readonly filter: Document
  readonly update: unknown
  readonly multi?: boolean | undefined
  readonly upsert?: boolean | undefined
  readonly sort?: Document | undefined
  readonly arrayFilters?: unknown[] | undefined
  readonly collation?: Document | undefined
  readonly hint?: string | Document | undefined
  readonly constants?: Document | undefined
  readonly bypass: boolean
}

/** What a change did; `before` and `after` are of the last document it met. */
export interface Changed {
  readonly matched: number
  readonly modified: number
  readonly upserted?: unknown
  readonly before?: Buffer | undefined
  readonly after?: Buffer | undefined
}

/** Changes what matches, one or all, or inserts what would have matched. */
export function applyChange(call: Call<unknown>, name: string, change: Change): Changed {
  const constants =
    change.constants === undefined ? {} : evaluateVariables(change.constants, call.now)
  const variables = { ...call.variables, ...constants }
  const compiled = compileChange(change, variables, call.now)
  const collection = call.store.catalog.get(name)
  if (collection?.view !== undefined)
    throw new MongoError(166, `Namespace ${name} is a view, not a collection`)
  const context = { call, change, compiled, variables }
  const changed = collection === undefined ? nothing(context) : changeRows(context, collection)
  if (changed.matched > 0 || change.upsert !== true) return changed
  return upsert(context, name)
}

interface Context {
  readonly call: Call<unknown>
  readonly change: Change
  readonly compiled: CompiledUpdate
  readonly variables: Document
}

function compileChange(change: Change, variables: Document, now: Date): CompiledUpdate {
  const { update, multi, arrayFilters, collation } = change
  if (!Array.isArray(update) && !isPlainObject(update))
    throw new MongoError(9, 'Update argument must be either an object or an array')
  const compiled = compileUpdate(update, { arrayFilters, variables, now, collation })
  if (multi === true && compiled.isReplacement)
    throw new MongoError(9, 'multi update is not supported for replacement-style update')
  return compiled
}

function nothing({ change, variables }: Context): Changed {
  resolveHint({ indexes: [] }, change.hint)
  compileFilter(change.filter, { collation: change.collation, variables })
  return { matched: 0, modified: 0 }
}

/** All rows are found before the first is changed, so that none is met twice. */
function changeRows(context: Context, collection: Collection): Changed {
  const { call, change, compiled, variables } = context
  const { filter, sort, hint, collation, multi } = change
  const query = { filter, sort, hint, collation, variables, deadline: call.deadline }
  const limit = multi === true ? 0 : 1
  const rows = [...read(call.store.environment, collection, { ...query, limit })]
  const found = rows.filter((row) => row !== undefined)
  const place = compiled.isPositional
    ? compilePlaceFinder(filter, filterOptions(collection, query))
    : undefined
  let modified = 0
  let before: Buffer | undefined
  let after: Buffer | undefined
  for (const row of found) {
    before = row.raw
    after = compiled.apply(row.raw, { position: place?.(row.raw) })
    if (after.equals(before)) continue
    store(context, collection, { row, after })
    modified += 1
  }
  return { matched: found.length, modified, before, after }
}

function store(
  { call, change }: Context,
  collection: Collection,
  { row, after }: { row: Row; after: Buffer },
): void {
  checkSize(after)
  if (!change.bypass) validate(collection, after)
  call.store.records.update(collection, row, after)
}

function upsert({ call, change, compiled }: Context, name: string): Changed {
  const raw = upsertDocument(change.filter, compiled)
  const collection = writable(call.store, name)
  const after = insertOne(call.store, collection, { raw, bypass: change.bypass })
  const id = rawField(after, 0, '_id')
  return { matched: 0, modified: 0, upserted: id && decodeValue(id), after }
}

const UPDATE = {
  updates: 'any',
  ordered: 'boolean',
  bypassDocumentValidation: 'boolean',
  let: 'object',
} as const

const STATEMENT = {
  q: 'object!',
  u: 'array|object!',
  c: 'object',
  multi: 'boolean',
  upsert: 'boolean',
  upsertSupplied: 'boolean',
  arrayFilters: 'array',
  collation: 'object',
  hint: 'string|object',
  sort: 'object',
} as const

function update(call: Call<Arguments<typeof UPDATE>>): Document {
  const { request, args } = call
  const name = targetNamespace(request)
  const bypass = args.bypassDocumentValidation === true
  const statements = statementsOf(request, 'updates')
  const { done, errors } = runStatements(statements, args.ordered !== false, (statement) => {
    const {
      q: filter,
      u,
      c: constants,
      ...others
    } = checkArguments('update.updates', statement, STATEMENT)
    if (others.sort !== undefined && others.multi === true)
      throw new MongoError(9, 'Cannot specify sort with multi=true')
    return applyChange(call, name, { filter, update: u, constants, ...others, bypass })
  })
  const upserted = done
    .filter(({ result }) => result.upserted !== undefined)
    .map(({ index, result }) => ({ index, _id: result.upserted }))
  const matched = done.reduce((sum, { result }) => sum + result.matched, 0)
  return {
    n: matched + upserted.length,
    nModified: done.reduce((sum, { result }) => sum + result.modified, 0),
    ...(upserted.length > 0 ? { upserted } : {}),
    ...errors,
    ok: 1,
  }
}

/** Changing documents. */
export const updateCommands: readonly Command[] = [
  command('update', { shape: UPDATE, writes: true, run: update }),
]
