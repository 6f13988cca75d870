import type { QueryFilter } from 'mongoose'
import { NotFound } from '../../errors.js'
import type { z } from 'zod'
import { orderOf, windowOf } from '../../http/lists.js'
import type { Actor, Id, Name } from '../../kernel/contract.js'
import { scopeOf } from '../organisation/scope.js'
import { importOrders, rowOrders, type importsQuery, type rowsQuery } from './forms.js'
import { ImportModel, RowModel, type Import, type Row } from './models.js'

export type { Import, Outcome, Row } from './models.js'

export const manageImports: Name = 'imports:manage'

/** The imports of the units over which the actor may import. */
function importsOver(actor: Actor): QueryFilter<Import> {
  const { everything, units } = scopeOf(actor, manageImports)
  return everything ? {} : { units: { $in: units } }
}

/** An import within the actor's reach. Throws `NotFound`. */
export async function findImport(actor: Actor, id: Id): Promise<Import> {
  const found = await ImportModel.findOne({
    $and: [{ _id: id }, importsOver(actor)],
  }).lean<Import>()
  if (!found) throw new NotFound()
  return found
}

/** A page of imports, the latest first. One more than shown is fetched. */
export async function listImports(
  actor: Actor,
  query: z.infer<typeof importsQuery>,
): Promise<{ imports: Import[]; total: number }> {
  const filter = importsOver(actor)
  const { skip, limit } = windowOf(query)
  const [imports, total] = await Promise.all([
    ImportModel.find(filter)
      .sort(orderOf(importOrders, query.sort, '-at'))
      .skip(skip)
      .limit(limit)
      .lean<Import[]>(),
    ImportModel.countDocuments(filter),
  ])
  return { imports, total }
}

export type RowQuery = z.infer<typeof rowsQuery>

/** A page of an import's lines in the order of the file, of one outcome if given. One more than shown is fetched. */
export async function rowsOf({ _id }: Import, query: RowQuery): Promise<Row[]> {
  const { skip, limit } = windowOf(query)
  return RowModel.find({ import: _id, ...(query.outcome && { outcome: query.outcome }) })
    .sort(orderOf(rowOrders, query.sort, 'line'))
    .skip(skip)
    .limit(limit)
    .lean<Row[]>()
}

/** Some imports, for the access test. */
export const someImports = (): Promise<Import[]> =>
  ImportModel.find({}).limit(6).lean<Import[]>().exec()
