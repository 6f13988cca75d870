import type { Document } from 'bson'
import { rawValue } from '../bson/compare.js'
import { OBJECT } from '../bson/raw.js'
import { DocumentWriter } from '../bson/writer.js'
import { MongoError } from '../errors.js'
import { compileProjection } from '../query/project.js'
import { read } from '../query/read.js'
import { command, targetNamespace, type Call, type Command } from './command.js'
import { type Arguments } from './schema.js'
import { applyChange } from './update.js'

const FIND_AND_MODIFY = {
  query: 'object',
  sort: 'object',
  remove: 'boolean',
  update: 'array|object',
  new: 'boolean',
  fields: 'object',
  upsert: 'boolean',
  bypassDocumentValidation: 'boolean',
  collation: 'object',
  arrayFilters: 'array',
  hint: 'string|object',
  let: 'object',
} as const

type FindAndModifyCall = Call<Arguments<typeof FIND_AND_MODIFY>>

function findAndModify(call: FindAndModifyCall): Buffer {
  checkCombination(call)
  return call.args.remove === true ? removeOne(call) : changeOne(call)
}

function checkCombination({ args }: FindAndModifyCall): void {
  const { remove = false, update, new: isNew = false, upsert = false } = args
  const fail = (message: string): never => {
    throw new MongoError(9, message)
  }
  if (remove && update !== undefined) fail("Cannot specify both an 'update' and 'remove'=true")
  if (!remove && update === undefined) fail('Either an update or remove=true must be specified')
  if (remove && upsert) fail("Cannot specify both 'upsert'=true and 'remove'=true")
  if (remove && isNew)
    fail(
      "Cannot specify both 'new'=true and 'remove'=true; 'remove' always returns the deleted document",
    )
}

function removeOne({ store, request, args, variables, deadline }: FindAndModifyCall): Buffer {
  const collection = store.catalog.get(targetNamespace(request))
  const { query: filter = {}, sort, collation, hint } = args
  if (collection === undefined) return replyWith({ n: 0 }, undefined)
  const query = { filter, sort, collation, hint, variables, deadline, limit: 1 }
  const [row] = [...read(store.environment, collection, query)].filter((one) => one !== undefined)
  if (row === undefined) return replyWith({ n: 0 }, undefined)
  const value = shown(args, variables, row.raw)
  store.records.remove(collection, row)
  return replyWith({ n: 1 }, value)
}

function changeOne(call: FindAndModifyCall): Buffer {
  const { request, args, variables } = call
  const { query: filter = {}, sort, collation, hint, upsert, arrayFilters, update } = args
  const bypass = args.bypassDocumentValidation === true
  const changed = applyChange(call, targetNamespace(request), {
    ...{ filter, update, upsert, sort, arrayFilters, collation, hint, bypass },
  })
  const { upserted } = changed
  const raw = args.new === true ? changed.after : changed.before
  const lastErrorObject = {
    n: upserted === undefined ? changed.matched : 1,
    updatedExisting: changed.matched > 0,
    ...(upserted === undefined ? {} : { upserted }),
  }
  return replyWith(lastErrorObject, raw === undefined ? undefined : shown(args, variables, raw))
}

function shown(
  { fields, query, collation }: FindAndModifyCall['args'],
  variables: Document,
  raw: Buffer,
): Buffer {
  const project = compileProjection(fields, { filter: query, collation, variables })
  return project === undefined ? raw : project(raw)
}

const writer = new DocumentWriter()

/** The reply, with the document's bytes as they are. */
function replyWith(lastErrorObject: Document, value: Buffer | undefined): Buffer {
  writer.begin()
  writer.field('lastErrorObject', rawValue(lastErrorObject))
  writer.field(
    'value',
    value === undefined ? rawValue(null) : { buffer: value, type: OBJECT, offset: 0 },
  )
  writer.field('ok', rawValue(1))
  writer.end()
  return writer.bytes()
}

/** Changing or removing one document and giving it back. */
export const findAndModifyCommands: readonly Command[] = ['findAndModify', 'findandmodify'].map(
  (name) => command(name, { shape: FIND_AND_MODIFY, writes: true, run: findAndModify }),
)
