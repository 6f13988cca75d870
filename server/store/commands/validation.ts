import type { Document } from 'bson'
import { decode } from '../bson/raw.js'
import { MongoError } from '../errors.js'
import { compileFilter } from '../query/match.js'
import type { Collection } from '../storage/catalog.js'

const compiled = new WeakMap<Document, (raw: Buffer) => boolean>()

/** Refuses a validator that this store could not apply. */
export function checkValidator(validator: Document): void {
  compileFilter(validator)
}

/** Refuses a document that the collection's validator does not match. */
export function validate({ options }: Collection, raw: Buffer): void {
  const validator = options['validator'] as Document | undefined
  if (validator === undefined || Object.keys(validator).length === 0) return
  if (options['validationAction'] === 'warn' || options['validationLevel'] === 'off') return
  const matches = compiled.get(validator) ?? compileFilter(validator)
  compiled.set(validator, matches)
  if (matches(raw)) return
  const failingDocumentId: unknown = decode(raw)['_id']
  const details = { operatorName: 'validator' }
  throw new MongoError(121, 'Document failed validation', {
    errInfo: { failingDocumentId, details },
  })
}
