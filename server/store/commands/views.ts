import type { Document } from 'bson'
import type { Documents } from '../cursors.js'
import type { Query } from '../query/read.js'
import { checkPipeline, runPipeline } from './aggregate.js'
import type { Call } from './command.js'

/** Refuses a view's pipeline that is none, or that writes. */
export function checkView(pipeline: readonly unknown[]): Document[] {
  return checkPipeline(pipeline)
}

/** The documents that a query finds in a view. */
export function viewDocuments(
  call: Call<unknown>,
  name: string,
  { query, projection }: { query: Query; projection?: Document | undefined },
): Documents {
  const { filter, sort, skip = 0, limit = 0, collation, hint } = query
  const isCut = projection !== undefined && Object.keys(projection).length > 0
  const stages: Document[] = [
    { $match: filter },
    ...(sort === undefined ? [] : [{ $sort: sort }]),
    ...(skip > 0 ? [{ $skip: skip }] : []),
    ...(limit > 0 ? [{ $limit: limit }] : []),
    ...(isCut ? [{ $project: projection }] : []),
  ]
  return runPipeline({ ...call, args: { collation, hint } }, name, stages)
}
