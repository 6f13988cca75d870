import type { Document } from 'bson'
import { MongoError } from '../errors.js'

/** What became of a write's statements. */
export interface Outcome<T> {
  readonly done: readonly { readonly index: number; readonly result: T }[]
  /** `{ writeErrors }` when there are any. */
  readonly errors: Document
}

/** Runs statements one by one; an ordered write ends at its first error. */
export function runStatements<S, T>(
  statements: readonly S[],
  isOrdered: boolean,
  run: (statement: S) => T,
): Outcome<T> {
  const done: { index: number; result: T }[] = []
  const writeErrors: Document[] = []
  for (const [index, statement] of statements.entries()) {
    try {
      done.push({ index, result: run(statement) })
    } catch (error) {
      if (!(error instanceof MongoError)) throw error
      writeErrors.push({ index, ...errorFields(error) })
      if (isOrdered) break
    }
  }
  return { done, errors: writeErrors.length > 0 ? { writeErrors } : {} }
}

/** An error as it stands in a reply. */
export function errorFields(error: MongoError): Document {
  return { code: error.code, codeName: error.codeName, errmsg: error.message, ...error.details }
}
