import type { QueryFilter } from 'mongoose'
import { NotFound } from '../../errors.js'
import { windowOf, type ListQuery } from '../../http/lists.js'
import type { Actor, Id, Name } from '../../kernel/contract.js'
import { scopeOf } from '../organisation/scope.js'
import { ImportModel, RowModel, type Import, type Outcome, type Row } from './models.js'

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
  query: ListQuery,
): Promise<{ imports: Import[]; total: number }> {
  const filter = importsOver(actor)
  const { skip, limit } = windowOf(query)
  const [imports, total] = await Promise.all([
    ImportModel.find(filter).sort({ at: -1 }).skip(skip).limit(limit).lean<Import[]>(),
    ImportModel.countDocuments(filter),
  ])
  return { imports, total }
}

export interface RowQuery extends ListQuery {
  readonly outcome?: Outcome | undefined
}

/** A page of an import's lines in the order of the file, of one outcome if given. One more than shown is fetched. */
export async function rowsOf({ _id }: Import, query: RowQuery): Promise<Row[]> {
  const { skip, limit } = windowOf(query)
  return RowModel.find({ import: _id, ...(query.outcome && { outcome: query.outcome }) })
    .sort({ line: 1 })
    .skip(skip)
    .limit(limit)
    .lean<Row[]>()
}

/** Some imports, for the access test. */
export const someImports = (): Promise<Import[]> =>
  ImportModel.find({}).limit(6).lean<Import[]>().exec()
