import type { Steps } from '../commands/command.js'
import { isSliceOver } from '../slices.js'
import { checkDocument } from '../wire/document-check.js'
import { namespaceOf, type Collection } from './catalog.js'
import { entries, idRange, type Environment } from './environment.js'
import { recordIdBytes, recordIdOf, recordKey } from './index-keys.js'
import { keysOf } from './key-extraction.js'

const ROWS_PER_LOOK = 16
const MOST_ERRORS = 20

/** What comparing a collection's records with its indexes brought to light. */
export interface Inspection {
  readonly records: number
  readonly keysPerIndex: Record<string, number>
  readonly errors: readonly string[]
}

/** Reads a whole collection: every document sound, in every index, counted, and nothing else there. */
export function* inspect(environment: Environment, collection: Collection): Steps<Inspection> {
  const errors: string[] = []
  const expected = new Map(collection.indexes.map(({ name }) => [name, 0]))
  let records = 0
  for (const { key, value } of entries(environment.data, idRange(collection.id))) {
    records += 1
    if (records % ROWS_PER_LOOK === 0 && isSliceOver()) yield undefined
    errors.push(...inspectRecord(environment, collection, { id: recordIdOf(key), value, expected }))
    if (errors.length >= MOST_ERRORS) break
  }
  if (records !== collection.count && errors.length === 0)
    errors.push(
      `${namespaceOf(collection)} counts ${String(collection.count)} but has ${String(records)}`,
    )
  const keysPerIndex: Record<string, number> = {}
  for (const { id, name } of collection.indexes) {
    const { from, to } = idRange(id)
    const found = environment.index.getKeysCount({ start: from, end: to })
    keysPerIndex[name] = found
    if (found !== expected.get(name) && errors.length === 0)
      errors.push(`index ${name} has ${String(found)} keys, ${String(expected.get(name))} are due`)
  }
  return { records, keysPerIndex, errors }
}

function inspectRecord(
  environment: Environment,
  collection: Collection,
  { id, value, expected }: { id: number; value: Buffer; expected: Map<string, number> },
): string[] {
  try {
    checkDocument(value)
  } catch (error) {
    return [`record ${recordKey(collection.id, id).toString('hex')}: ${String(error)}`]
  }
  return collection.indexes.flatMap((index) => {
    const { keys } = keysOf(index, value)
    expected.set(index.name, (expected.get(index.name) ?? 0) + keys.length)
    const lost = keys.filter((key) => {
      const entry = index.unique ? key : Buffer.concat([key, recordIdBytes(id)])
      const owner = environment.index.get(entry)
      return owner === undefined || recordIdOf(owner) !== id
    })
    return lost.map(() => `record ${String(id)} is missing in index ${index.name}`)
  })
}
