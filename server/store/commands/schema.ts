import { Decimal128, Double, Int32, Long, type Document } from 'bson'
import { MongoError } from '../errors.js'

/** What an argument's value becomes once it is checked. */
interface Kinds {
  string: string
  object: Document
  array: unknown[]
  boolean: boolean
  number: number
  /** An integer of zero or more. */
  count: number
  'string|object': string | Document
  'array|object': unknown[] | Document
  any: unknown
}
type Kind = keyof Kinds

/** Arguments of a command by name; `!` marks those that must be given. */
export type Shape = Readonly<Record<string, Kind | `${Kind}!`>>

/** The checked arguments of a command of a shape. */
export type Arguments<S extends Shape> = {
  readonly [K in keyof S]: S[K] extends `${infer Required extends Kind}!`
    ? Kinds[Required]
    : S[K] extends Kind
      ? Kinds[S[K]] | undefined
      : never
}

/** Arguments that MongoDB accepts with every command. */
const GENERIC = new Set(
  (
    '$db lsid $clusterTime $readPreference readConcern writeConcern maxTimeMS comment apiVersion ' +
    'apiStrict apiDeprecationErrors $audit $client $configServerState $queryOptions ' +
    'databaseVersion shardVersion mayBypassWriteBlocking txnNumber autocommit startTransaction ' +
    'help requestGatewayOptime rawData isTimeseriesNamespace maxTimeMSOpOnly'
  ).split(' '),
)

/** Checks the arguments of a command, or of a document inside it, as MongoDB's own parsers do. */
export function checkArguments<S extends Shape>(
  command: string,
  body: Document,
  shape: S,
): Arguments<S> {
  const names = Object.keys(body)
  for (const name of names)
    if (!Object.hasOwn(shape, name) && !GENERIC.has(name))
      throw new MongoError(40415, `BSON field '${command}.${name}' is an unknown field.`)
  for (const name of requiredIn(shape))
    if (body[name] === undefined)
      throw new MongoError(40414, `BSON field '${command}.${name}' is missing but a required field`)
  const found: Record<string, unknown> = {}
  for (const name of names) {
    const wanted = shape[name]
    if (wanted !== undefined) found[name] = check([command, name], body[name], wanted)
  }
  return found as Arguments<S>
}

const required = new WeakMap<Shape, readonly string[]>()

/** The arguments that a shape cannot do without, looked for once. */
function requiredIn(shape: Shape): readonly string[] {
  const known = required.get(shape)
  if (known !== undefined) return known
  const found = Object.keys(shape).filter((name) => shape[name]?.endsWith('!') === true)
  required.set(shape, found)
  return found
}

function check(path: readonly string[], value: unknown, wanted: Kind | `${Kind}!`): unknown {
  const isRequired = wanted.endsWith('!')
  if ((value === null || value === undefined) && !isRequired) return undefined
  const kind = (isRequired ? wanted.slice(0, -1) : wanted) as Kind
  if (!TESTS[kind](value)) throw wrongType(path.join('.'), value, kind)
  if (kind === 'boolean') return typeof value === 'boolean' ? value : numeric(value) !== 0
  if (kind === 'number') return numeric(value)
  return kind === 'count' ? count(path.join('.'), value) : value
}

const TESTS: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  object: isPlainObject,
  array: Array.isArray,
  boolean: (value) => typeof value === 'boolean' || !Number.isNaN(numeric(value)),
  number: (value) => !Number.isNaN(numeric(value)),
  count: (value) => !Number.isNaN(numeric(value)),
  'string|object': (value) => typeof value === 'string' || isPlainObject(value),
  'array|object': (value) => Array.isArray(value) || isPlainObject(value),
  any: () => true,
}

const EXPECTED: Readonly<Record<Kind, string>> = {
  string: "expected type 'string'",
  object: "expected type 'object'",
  array: "expected type 'array'",
  boolean: "expected types '[bool, long, int, decimal, double]'",
  number: "expected types '[long, int, decimal, double]'",
  count: "expected types '[long, int, decimal, double]'",
  'string|object': "expected types '[string, object]'",
  'array|object': "expected types '[array, object]'",
  any: '',
}

function wrongType(field: string, value: unknown, kind: Kind): MongoError {
  const found = typeName(value)
  return new MongoError(14, `BSON field '${field}' is the wrong type '${found}', ${EXPECTED[kind]}`)
}

function count(field: string, value: unknown): number {
  const found = Math.trunc(numeric(value))
  if (found < 0)
    throw new MongoError(
      51024,
      `BSON field '${field.split('.').at(-1) ?? field}' value must be >= 0, actual value '${String(found)}'`,
    )
  return found
}

/** The value of any of BSON's numbers, NaN for all else. */
export function numeric(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Int32 || value instanceof Double) return value.value
  if (value instanceof Long) return value.toNumber()
  return value instanceof Decimal128 ? Number(value.toString()) : Number.NaN
}

/** Tells an embedded document from arrays and from BSON's own types. */
export function isPlainObject(value: unknown): value is Document {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

const BSON_NAMES: Readonly<Record<string, string>> = {
  Int32: 'int',
  Long: 'long',
  Double: 'double',
  Decimal128: 'decimal',
  ObjectId: 'objectId',
  Binary: 'binData',
  BSONRegExp: 'regex',
  Timestamp: 'timestamp',
  MinKey: 'minKey',
  MaxKey: 'maxKey',
  Code: 'javascript',
}

/** MongoDB's name of a value's type, for its error messages. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return value === null ? 'null' : 'missing'
  if (Array.isArray(value)) return 'array'
  if (value instanceof Date) return 'date'
  if (value instanceof RegExp) return 'regex'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'double'
  if (typeof value !== 'object') return typeof value
  const tag = '_bsontype' in value ? String(value._bsontype) : ''
  return BSON_NAMES[tag] ?? 'object'
}
