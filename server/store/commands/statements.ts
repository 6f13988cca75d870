import type { Document } from 'bson'
import { ARRAY, arrayElements, decode, OBJECT, rawField } from '../bson/raw.js'
import { MongoError } from '../errors.js'
import { isPlainObject } from './schema.js'
import { MAX_BATCH } from './handshake.js'
import type { Request } from './command.js'

/** The statements of a write, from the body or from a document sequence. */
export function statementsOf(request: Request, name: string): Document[] {
  const sequence = request.sequences.get(name)?.map((raw) => decode(raw))
  const statements: unknown = sequence ?? request.body[name]
  if (!Array.isArray(statements) || !statements.every(isPlainObject))
    throw new MongoError(14, `BSON field '${request.name}.${name}' must be an array of objects`)
  checkSize(statements.length)
  return statements
}

/** The documents of a write as they came, undecoded. */
export function rawDocumentsOf(request: Request, name: string): readonly Buffer[] {
  const documents = request.sequences.get(name) ?? rawArray(request.raw, name)
  if (documents === undefined)
    throw new MongoError(
      40414,
      `BSON field '${request.name}.${name}' is missing but a required field`,
    )
  checkSize(documents.length)
  return documents
}

/** The document in a field of another, as it came; an argument that was checked to be one. */
export function rawDocument(raw: Buffer, name: string): Buffer {
  const found = rawField(raw, 0, name)
  const offset = found?.offset ?? 0
  return raw.subarray(offset, offset + raw.readInt32LE(offset))
}

function rawArray(raw: Buffer, name: string): Buffer[] | undefined {
  const array = rawField(raw, 0, name)
  if (array?.type !== ARRAY) return undefined
  const elements = [...arrayElements(raw, array.offset)]
  if (elements.some(({ type }) => type !== OBJECT))
    throw new MongoError(14, `the elements of '${name}' must be objects`)
  return elements.map(({ offset }) => raw.subarray(offset, offset + raw.readInt32LE(offset)))
}

function checkSize(count: number): void {
  if (count >= 1 && count <= MAX_BATCH) return
  throw new MongoError(
    16,
    `Write batch sizes must be between 1 and ${String(MAX_BATCH)}. Got ${String(count)} operations.`,
  )
}
