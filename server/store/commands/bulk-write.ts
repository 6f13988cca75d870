import type { Document } from 'bson'
import { decode, encode } from '../bson/raw.js'
import { MongoError } from '../errors.js'
import { batchSizeOf } from './collections.js'
import { command, type Call, type Command, type Steps } from './command.js'
import { remove } from './delete.js'
import { insertOne, writable } from './insert.js'
import { checkArguments, type Arguments } from './schema.js'
import { rawDocument, rawDocumentsOf, statementsOf } from './statements.js'
import { applyChange, type Changed } from './update.js'
import { errorFields } from './write-errors.js'

const BULK_WRITE = {
  ops: 'any',
  nsInfo: 'any',
  ordered: 'boolean',
  errorsOnly: 'boolean',
  bypassDocumentValidation: 'boolean',
  cursor: 'object',
  let: 'object',
} as const

const INSERT = { insert: 'count!', document: 'object!' } as const

const UPDATE = {
  update: 'count!',
  filter: 'object!',
  updateMods: 'array|object!',
  multi: 'boolean',
  upsert: 'boolean',
  arrayFilters: 'array',
  collation: 'object',
  hint: 'string|object',
  constants: 'object',
  sort: 'object',
} as const

const DELETE = {
  delete: 'count!',
  filter: 'object!',
  multi: 'boolean',
  collation: 'object',
  hint: 'string|object',
} as const

interface Totals {
  nErrors: number
  nInserted: number
  nMatched: number
  nModified: number
  nUpserted: number
  nDeleted: number
}

type BulkCall = Call<Arguments<typeof BULK_WRITE>>

function* bulkWrite(call: BulkCall): Steps<Buffer> {
  const { store, request, args } = call
  const names = statementsOf(request, 'nsInfo').map(({ ns }) => String(ns))
  const totals = { nErrors: 0, nInserted: 0, nMatched: 0, nModified: 0, nUpserted: 0, nDeleted: 0 }
  const results: Document[] = []
  const operations = rawDocumentsOf(request, 'ops')
  for (const [idx, raw] of operations.entries()) {
    const result = runOne(call, { names, raw, operation: decode(raw), totals })
    const isError = 'errmsg' in result
    if (isError || args.errorsOnly !== true) results.push({ ...result, idx })
    if (isError && args.ordered !== false) break
  }
  const fields = encode(totals).subarray(4, -1)
  const options = { namespace: 'admin.$cmd.bulkWrite', batchSize: batchSizeOf(args.cursor) }
  return yield* store.cursors.first(results.map(encode).values(), options, fields)
}

interface Step {
  readonly names: readonly string[]
  readonly operation: Document
  readonly raw: Buffer
  readonly totals: Totals
}

function runOne(call: BulkCall, step: Step): Document {
  try {
    const { operation } = step
    if ('insert' in operation) return insert(call, step)
    return 'update' in operation ? update(call, step) : removeAll(call, step)
  } catch (error) {
    if (!(error instanceof MongoError)) throw error
    step.totals.nErrors += 1
    return { ok: 0, n: 0, ...errorFields(error) }
  }
}

function nameOf(names: readonly string[], at: number): string {
  const name = names[at]
  if (name === undefined)
    throw new MongoError(2, `BulkWrite ops entry has an invalid nsInfo index ${String(at)}`)
  return name
}

function insert({ store, args }: BulkCall, { names, operation, raw, totals }: Step): Document {
  const { insert: at } = checkArguments('bulkWrite.ops', operation, INSERT)
  const bypass = args.bypassDocumentValidation === true
  const document = rawDocument(raw, 'document')
  insertOne(store, writable(store, nameOf(names, at)), { raw: document, bypass })
  totals.nInserted += 1
  return { ok: 1, n: 1 }
}

function update(call: BulkCall, { names, operation, totals }: Step): Document {
  const { update: at, updateMods, ...others } = checkArguments('bulkWrite.ops', operation, UPDATE)
  const bypass = call.args.bypassDocumentValidation === true
  const changed: Changed = applyChange(call, nameOf(names, at), {
    ...others,
    update: updateMods,
    bypass,
  })
  const { upserted, matched, modified } = changed
  totals.nMatched += matched
  totals.nModified += modified
  if (upserted === undefined) return { ok: 1, n: matched, nModified: modified }
  totals.nUpserted += 1
  return { ok: 1, n: 1, nModified: 0, upserted: { _id: upserted } }
}

function removeAll(call: BulkCall, { names, operation, totals }: Step): Document {
  const {
    delete: at,
    filter,
    multi,
    collation,
    hint,
  } = checkArguments('bulkWrite.ops', operation, DELETE)
  const removal = { filter, limit: multi === true ? 0 : 1, collation, hint }
  const n = remove(call, nameOf(names, at), removal)
  totals.nDeleted += n
  return { ok: 1, n }
}

/** Writes to several collections in one command, new in MongoDB 8.0. */
export const bulkWriteCommands: readonly Command[] = [
  command('bulkWrite', { shape: BULK_WRITE, writes: true, adminOnly: true, run: bulkWrite }),
]
