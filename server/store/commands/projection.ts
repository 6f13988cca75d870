import type { Document } from 'bson'
import type { Documents } from '../cursors.js'
import { compileProjection } from '../query/project.js'
import type { Query, Rows } from '../query/read.js'

/** Passes rows on as documents, cut to the fields asked for; pauses included. */
export function project(
  rows: Rows,
  { projection, query }: { projection: Document | undefined; query: Query },
): Documents {
  const { filter, collation, variables } = query
  const cut = compileProjection(projection, { filter, collation, variables })
  return documents(rows, cut ?? ((raw) => raw))
}

function* documents(rows: Rows, cut: (raw: Buffer) => Buffer): Generator<Buffer | undefined, void> {
  for (const row of rows) yield row === undefined ? undefined : cut(row.raw)
}
