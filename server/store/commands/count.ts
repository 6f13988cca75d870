import type { Document } from 'bson'
import { compareRaw, type Collator } from '../bson/compare.js'
import {
  arrayElements,
  ARRAY,
  decodeValue,
  OBJECT,
  rawField,
  STRING,
  type RawValue,
} from '../bson/raw.js'
import { encodeRawKey } from '../bson/key-codec.js'
import type { Documents } from '../cursors.js'
import { collatorOf } from '../query/collation.js'
import { countKeys, read, type Query } from '../query/read.js'
import type { Collection } from '../storage/catalog.js'
import { command, targetNamespace, type Call, type Command, type Steps } from './command.js'
import type { Arguments } from './schema.js'
import { viewDocuments } from './views.js'

const COUNT = {
  query: 'object',
  limit: 'number',
  skip: 'count',
  hint: 'string|object',
  collation: 'object',
  fields: 'any',
} as const

function* count(call: Call<Arguments<typeof COUNT>>): Steps<Document> {
  const { store, request, args } = call
  const collection = store.catalog.get(targetNamespace(request))
  if (collection === undefined) return { n: 0, ok: 1 }
  const { query: filter = {}, skip = 0, hint, collation } = args
  const limit = Math.abs(args.limit ?? 0)
  const most = limit === 0 ? Infinity : skip + limit
  const kept =
    collection.view === undefined
      ? countKeys(store.environment, collection, { filter, hint, collation, limit: most })
      : undefined
  if (kept !== undefined) return { n: Math.max(0, kept - skip), ok: 1 }
  let n = 0
  const documents = found(call, collection, { filter, skip, limit, hint, collation })
  for (let next = documents.next(); next.done !== true; next = documents.next()) {
    if (next.value === undefined) yield undefined
    else n += 1
  }
  return { n, ok: 1 }
}

function found(call: Call<unknown>, collection: Collection, asked: Query): Documents {
  const query = { ...asked, variables: call.variables, deadline: call.deadline }
  if (collection.view !== undefined) return viewDocuments(call, collection.name, { query })
  return raws(call, collection, query)
}

function* raws({ store }: Call<unknown>, collection: Collection, query: Query): Documents {
  for (const row of read(store.environment, collection, query)) yield row?.raw
}

const DISTINCT = {
  key: 'string!',
  query: 'object',
  collation: 'object',
  hint: 'string|object',
} as const

function* distinct(call: Call<Arguments<typeof DISTINCT>>): Steps<Document> {
  const { store, request, args } = call
  const collection = store.catalog.get(targetNamespace(request))
  if (collection === undefined) return { values: [], ok: 1 }
  const { key, query: filter = {}, collation, hint } = args
  const parts = key.split('.')
  const values = new DistinctValues(collatorOf(collation ?? collection.options['collation']))
  const documents = found(call, collection, { filter, collation, hint })
  for (let next = documents.next(); next.done !== true; next = documents.next()) {
    if (next.value === undefined) yield undefined
    else
      for (const value of valuesAt({ buffer: next.value, type: OBJECT, offset: 0 }, parts))
        values.add(value)
  }
  return { values: values.list, ok: 1 }
}

/** Values of which each is kept once, as it first came. */
class DistinctValues {
  readonly list: unknown[] = []
  readonly #collator: Collator | undefined
  readonly #keys = new Set<string>()
  readonly #texts: RawValue[] = []

  constructor(collator: Collator | undefined) {
    this.#collator = collator
  }

  add(value: RawValue): void {
    if (this.#collator !== undefined && mayHoldText(value.type)) {
      if (this.#texts.some((text) => compareRaw(text, value, this.#collator) === 0)) return
      this.#texts.push(value)
    } else {
      const key = encodeRawKey([value], [1]).toString('latin1')
      if (this.#keys.has(key)) return
      this.#keys.add(key)
    }
    this.list.push(decodeValue(value))
  }
}

/** Whether a collation can have a say in the comparison of values of a type. */
function mayHoldText(type: number): boolean {
  return type === STRING || type === OBJECT || type === ARRAY
}

/** All values at a path, arrays on the way and at its end opened. */
function* valuesAt(value: RawValue, parts: readonly string[]): Generator<RawValue> {
  const [part, ...rest] = parts
  if (part === undefined) {
    if (value.type === ARRAY) yield* arrayElements(value.buffer, value.offset)
    else yield value
  } else if (value.type === OBJECT) {
    const next = rawField(value.buffer, value.offset, part)
    if (next !== undefined) yield* valuesAt(next, rest)
  } else if (value.type === ARRAY) {
    const elements = [...arrayElements(value.buffer, value.offset)]
    const meant = /^\d+$/.test(part) ? elements[Number(part)] : undefined
    if (meant !== undefined) yield* valuesAt(meant, rest)
    for (const element of elements) if (element.type === OBJECT) yield* valuesAt(element, parts)
  }
}

/** Counting, and the different values of a field. */
export const countCommands: readonly Command[] = [
  command('count', { shape: COUNT, run: count }),
  command('distinct', { shape: DISTINCT, run: distinct }),
]
