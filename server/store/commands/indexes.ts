import { encode } from '../bson/raw.js'
import type { Document } from 'bson'
import { MongoError } from '../errors.js'
import { compileFilter } from '../query/match.js'
import { collatorOf } from '../query/collation.js'
import { patternOf } from '../query/read.js'
import { inherited, type Collection } from '../storage/catalog.js'
import { HASHED, type Index } from '../storage/index-keys.js'
import type { Store } from '../store.js'
import { batchSizeOf, existing } from './collections.js'
import { command, targetNamespace, type Call, type Command, type Steps } from './command.js'
import { checkArguments, isPlainObject, numeric, type Arguments } from './schema.js'
import { writable } from './insert.js'

const MOST_INDEXES = 64
const CREATE_INDEXES = {
  indexes: 'array!',
  commitQuorum: 'any',
  ignoreUnknownIndexOptions: 'boolean',
} as const

const SPEC = {
  key: 'object!',
  name: 'string!',
  unique: 'boolean',
  sparse: 'boolean',
  hidden: 'boolean',
  background: 'boolean',
  expireAfterSeconds: 'number',
  partialFilterExpression: 'object',
  collation: 'object',
  v: 'number',
  ns: 'string',
  prepareUnique: 'boolean',
  storageEngine: 'object',
  weights: 'any',
  default_language: 'any',
  language_override: 'any',
  textIndexVersion: 'any',
  '2dsphereIndexVersion': 'any',
  bits: 'any',
  min: 'any',
  max: 'any',
  wildcardProjection: 'any',
} as const

function createIndexes({ store, request, args }: Call<Arguments<typeof CREATE_INDEXES>>): Document {
  if (args.indexes.length === 0)
    throw new MongoError(2, 'Must specify at least one index to create')
  const specs = args.indexes.map((index) => checkSpec(index))
  const name = targetNamespace(request)
  const createdCollectionAutomatically = store.catalog.get(name) === undefined
  const collection = writable(store, name)
  const numIndexesBefore = collection.indexes.length
  const added = specs
    .map((spec) => withCollation(collection, spec))
    .filter((spec) => isNew(collection, spec))
    .map((spec) => store.catalog.indexFrom(spec))
  if (numIndexesBefore + added.length > MOST_INDEXES)
    throw new MongoError(67, `add index fails, too many indexes for ${name}`)
  for (const index of added) build(store, collection, index)
  store.catalog.save(collection)
  const note = added.length === 0 ? { note: 'all indexes already exist' } : {}
  const numIndexesAfter = collection.indexes.length
  return { numIndexesBefore, numIndexesAfter, createdCollectionAutomatically, ...note, ok: 1 }
}

/** What compares strings by their bytes says nothing of a collation. */
function withCollation({ options }: Collection, { collation, ...spec }: Document): Document {
  return { ...spec, ...inherited({ collation: collation ?? options['collation'] }) }
}

function build(store: Store, collection: Collection, index: Index): void {
  try {
    store.records.buildIndex(collection, index)
  } catch (error) {
    store.catalog.dropIndex(collection, index)
    throw error
  }
  collection.indexes.push(index)
}

/** Checks one index specification and brings it into the form that is kept. */
function checkSpec(index: unknown): Document {
  if (!isPlainObject(index))
    throw new MongoError(14, "The elements of the 'indexes' array must be objects")
  const { key, name, ...options } = checkArguments('createIndexes.indexes', index, SPEC)
  checkPattern(key)
  if (name === '' || name === '*') throw new MongoError(67, `'${name}' is not a valid index name`)
  refuseOptions(options)
  refuseHashed(key, options)
  const isId = patternOf(key) === '[["_id",1]]'
  const { unique, sparse, hidden, expireAfterSeconds, partialFilterExpression, collation } = options
  return {
    v: 2,
    key: Object.fromEntries(
      Object.entries(key).map(([path, direction]: [string, unknown]) => [
        path,
        direction === HASHED ? HASHED : numeric(direction),
      ]),
    ),
    name: isId ? '_id_' : name,
    ...(unique === true && !isId ? { unique } : {}),
    ...(sparse === true ? { sparse } : {}),
    ...(hidden === true ? { hidden } : {}),
    ...(expireAfterSeconds === undefined ? {} : { expireAfterSeconds }),
    ...(partialFilterExpression === undefined ? {} : { partialFilterExpression }),
    ...(collation === undefined ? {} : { collation }),
  }
}

function checkPattern(key: Document): void {
  const fields: [string, unknown][] = Object.entries(key)
  if (fields.length === 0) throw new MongoError(67, 'Index keys cannot be an empty object')
  if (fields.length > 32) throw new MongoError(13103, 'too many compound keys')
  for (const [path, direction] of fields) {
    const isHashed = direction === HASHED
    if (typeof direction === 'string' && !isHashed) throw unsupportedKind(direction)
    const isNumber = !Number.isNaN(numeric(direction)) && numeric(direction) !== 0
    if (!isNumber && !isHashed)
      throw new MongoError(
        67,
        `Values in v:2 index key pattern cannot be of type or value given for '${path}'. Only numbers > 0, numbers < 0, and strings are allowed.`,
      )
    checkPath(path)
  }
}

function checkPath(path: string): void {
  const parts = path.split('.')
  if (parts.includes('')) throw new MongoError(67, 'Index keys cannot contain an empty field.')
  if (parts.includes('$**')) throw unsupportedKind('wildcard')
  if (path.startsWith('$'))
    throw new MongoError(
      67,
      `Index key contains an illegal field name: field name starts with '$'.`,
    )
}

function unsupportedKind(kind: string): MongoError {
  const known = ['text', '2d', '2dsphere', 'wildcard']
  if (!known.includes(kind)) return new MongoError(67, `Unknown index plugin '${kind}'`)
  return new MongoError(115, `${kind} indexes are not supported by this store`)
}

function refuseOptions({
  expireAfterSeconds,
  partialFilterExpression,
  ...options
}: Omit<Arguments<typeof SPEC>, 'key' | 'name'>): void {
  if (
    expireAfterSeconds !== undefined &&
    (expireAfterSeconds < 0 || expireAfterSeconds > 2 ** 31 - 1)
  )
    throw new MongoError(
      67,
      "TTL index 'expireAfterSeconds' option must be within an acceptable range",
    )
  if (partialFilterExpression !== undefined) compileFilter(partialFilterExpression)
  if (partialFilterExpression !== undefined && options.sparse === true)
    throw new MongoError(67, 'cannot mix "partialFilterExpression" and "sparse" options')
  collatorOf(options.collation)
  if (options.prepareUnique === true)
    throw new MongoError(115, 'prepareUnique is not supported by this store')
  if (options.wildcardProjection !== undefined)
    throw new MongoError(67, "'wildcardProjection' is only allowed in a wildcard index")
}

/** One hash says nothing of order, and the same one may stand for two values. */
function refuseHashed(key: Document, { unique }: { readonly unique: boolean | undefined }): void {
  const hashed = Object.values(key).filter((direction) => direction === HASHED).length
  if (hashed > 1)
    throw new MongoError(
      31303,
      `A maximum of one index field is allowed to be hashed but found ${String(hashed)} for 'key' ${JSON.stringify(key)}`,
    )
  if (hashed > 0 && unique === true)
    throw new MongoError(
      16764,
      'Currently hashed indexes cannot guarantee uniqueness. Use a regular index.',
    )
}

/** Whether an index is to be made; false when the same exists, an error when a rival does. */
function isNew({ indexes }: Collection, spec: Document): boolean {
  const pattern = patternOf(spec['key'] as Document)
  const same = indexes.find(
    (index) => patternOf(index.spec['key'] as Document) === pattern && sameFilter(index.spec, spec),
  )
  const named = indexes.find(({ name }) => name === spec['name'])
  if (same === undefined && named === undefined) return true
  const rival = named ?? same
  if (same !== undefined && same === rival && sameOptions(same.spec, spec)) {
    if (same.name === spec['name']) return false
    throw new MongoError(85, `Index already exists with a different name: ${same.name}`)
  }
  throw new MongoError(named === undefined ? 85 : 86, conflict(spec, rival?.spec ?? {}))
}

function conflict(spec: Document, rival: Document): string {
  return (
    'An existing index has the same name as the requested index. When index names are not ' +
    'specified, they are auto generated and can cause conflicts. Please refer to our ' +
    `documentation. Requested index: ${JSON.stringify(spec)}, existing index: ${JSON.stringify(rival)}`
  )
}

function sameFilter(a: Document, b: Document): boolean {
  const shown = ({ partialFilterExpression = null, collation = null }: Document): Document => {
    return { partialFilterExpression, collation }
  }
  return encode(shown(a)).equals(encode(shown(b)))
}

function sameOptions(a: Document, b: Document): boolean {
  const shown = ({
    unique = false,
    sparse = false,
    expireAfterSeconds = null,
  }: Document): Document => {
    return {
      unique,
      sparse,
      expire: expireAfterSeconds === null ? null : numeric(expireAfterSeconds),
    }
  }
  return encode(shown(a)).equals(encode(shown(b)))
}

const DROP_INDEXES = { index: 'any' } as const

function dropIndexes({ store, request, args }: Call<Arguments<typeof DROP_INDEXES>>): Document {
  const collection = existing(store, request)
  const nIndexesWas = collection.indexes.length
  const wanted =
    args.index === '*'
      ? collection.indexes.filter(({ name }) => name !== '_id_')
      : [args.index].flat().map((one) => named(collection, one))
  for (const index of wanted) store.catalog.dropIndex(collection, index)
  return { nIndexesWas, ok: 1 }
}

function named({ indexes }: Collection, wanted: unknown): Index {
  const pattern = isPlainObject(wanted) ? patternOf(wanted) : undefined
  const found = indexes.find(({ name, spec }) => {
    return pattern === undefined ? name === wanted : patternOf(spec['key'] as Document) === pattern
  })
  if (found === undefined) {
    const how =
      pattern === undefined
        ? `with name [${String(wanted)}]`
        : `for key pattern ${JSON.stringify(wanted)}`
    throw new MongoError(27, `index not found ${how}`)
  }
  if (found.name === '_id_') throw new MongoError(72, 'cannot drop _id index')
  return found
}

function* listIndexes({
  store,
  request,
  args,
}: Call<{ readonly cursor: Document | undefined }>): Steps<Buffer> {
  const { indexes } = existing(store, request)
  const documents = indexes.map(({ spec }) => encode(spec)).values()
  const options = { namespace: targetNamespace(request), batchSize: batchSizeOf(args.cursor) }
  return yield* store.cursors.first(documents, options)
}

/** Changes what may change of an index that exists: its expiry, and whether it is hidden. */
export function changeIndex({ indexes }: Collection, change: Document): Document {
  const { name, keyPattern, expireAfterSeconds, hidden } = change
  const index = named({ indexes } as Collection, name ?? keyPattern)
  const result: Document = {}
  if (expireAfterSeconds !== undefined) {
    const before: unknown = index.spec['expireAfterSeconds']
    if (before !== undefined) result['expireAfterSeconds_old'] = before
    index.spec['expireAfterSeconds'] = result['expireAfterSeconds_new'] =
      numeric(expireAfterSeconds)
  }
  if (typeof hidden === 'boolean') {
    Object.assign(result, { hidden_old: index.spec['hidden'] === true, hidden_new: hidden })
    index.spec['hidden'] = hidden
    index.usable = !hidden && index.collator === undefined
  }
  return result
}

/** Making, listing and removing indexes. */
export const indexCommands: readonly Command[] = [
  command('createIndexes', { shape: CREATE_INDEXES, writes: true, run: createIndexes }),
  command('dropIndexes', { shape: DROP_INDEXES, writes: true, run: dropIndexes }),
  command('deleteIndexes', { shape: DROP_INDEXES, writes: true, run: dropIndexes }),
  command('listIndexes', { shape: { cursor: 'object' }, run: listIndexes }),
]
