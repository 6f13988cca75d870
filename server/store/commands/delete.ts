import type { Document } from 'bson'
import { MongoError } from '../errors.js'
import { read, resolveHint } from '../query/read.js'
import { command, targetNamespace, type Call, type Command } from './command.js'
import { checkArguments, type Arguments } from './schema.js'
import { statementsOf } from './statements.js'
import { runStatements } from './write-errors.js'

const DELETE = { deletes: 'any', ordered: 'boolean', let: 'object' } as const

const STATEMENT = {
  q: 'object!',
  limit: 'number!',
  collation: 'object',
  hint: 'string|object',
} as const

type DeleteCall = Call<Arguments<typeof DELETE>>

function deleteAll(call: DeleteCall): Document {
  const statements = statementsOf(call.request, 'deletes')
  const { done, errors } = runStatements(statements, call.args.ordered !== false, (statement) => {
    const { q, limit, collation, hint } = checkArguments('delete.deletes', statement, STATEMENT)
    if (limit !== 0 && limit !== 1)
      throw new MongoError(
        9,
        `The limit field in delete objects must be 0 or 1. Got ${String(limit)}`,
      )
    const name = targetNamespace(call.request)
    return remove(call, name, { filter: q, limit, collation, hint })
  })
  return { n: done.reduce((sum, { result }) => sum + result, 0), ...errors, ok: 1 }
}

/** What a delete statement names. */
export interface Removal {
  readonly filter: Document
  readonly limit: number
  readonly collation: Document | undefined
  readonly hint: string | Document | undefined
}

/** Removes what matches, one or all, and counts it. */
export function remove(
  { store, variables, deadline }: Call<unknown>,
  name: string,
  removal: Removal,
): number {
  const collection = store.catalog.get(name)
  if (collection?.view !== undefined)
    throw new MongoError(166, `Namespace ${name} is a view, not a collection`)
  if (collection === undefined) {
    resolveHint({ indexes: [] }, removal.hint)
    return 0
  }
  const rows = [...read(store.environment, collection, { ...removal, variables, deadline })]
  const found = rows.filter((row) => row !== undefined)
  for (const row of found) store.records.remove(collection, row)
  return found.length
}

/** Removing documents. */
export const deleteCommands: readonly Command[] = [
  command('delete', { shape: DELETE, writes: true, run: deleteAll }),
]
