import { BSON, Long, type Document } from 'mongodb'
import type { Entities } from './unified-entities.js'

/** Compares what came with what a test expects, `$$operators` included; throws where they differ. */
export function assertMatches(found: unknown, expected: unknown, at: Place): void {
  const actual: unknown = found instanceof Map ? Object.fromEntries(found) : found
  if (isDocument(expected)) {
    const [operator] = Object.keys(expected)
    if (operator?.startsWith('$$') === true) {
      assertOperator(actual, { operator, operand: expected[operator] }, at)
      return
    }
    assertDocument(actual, expected, at)
    return
  }
  if (Array.isArray(expected)) {
    assertArray(actual, expected, at)
    return
  }
  if (!same(actual, expected)) differs(actual, expected, at)
}

/** Where in a result a comparison stands. */
export interface Place {
  readonly path: string
  readonly isRoot: boolean
  readonly entities: Entities
}

function assertDocument(actual: unknown, expected: Document, at: Place): void {
  if (!isDocument(actual)) differs(actual, expected, at)
  for (const [name, value] of Object.entries(expected)) {
    const place = { ...at, path: `${at.path}.${name}`, isRoot: false }
    if (isAbsentAllowed(value) && !(name in actual)) continue
    if (!(name in actual) && !isDocument(value)) differs(undefined, value, place)
    assertMatches(actual[name], value, place)
  }
  if (at.isRoot) return
  for (const name of Object.keys(actual))
    if (!(name in expected) && actual[name] !== undefined)
      differs(actual[name], undefined, { ...at, path: `${at.path}.${name}` })
}

function isAbsentAllowed(value: unknown): boolean {
  return isDocument(value) && ('$$unsetOrMatches' in value || value['$$exists'] === false)
}

function assertArray(actual: unknown, expected: readonly unknown[], at: Place): void {
  if (!Array.isArray(actual) || actual.length !== expected.length) differs(actual, expected, at)
  for (const [index, value] of expected.entries())
    assertMatches(actual[index], value, { ...at, path: `${at.path}.${String(index)}` })
}

function assertOperator(
  actual: unknown,
  { operator, operand }: { operator: string; operand: unknown },
  at: Place,
): void {
  switch (operator) {
    case '$$exists':
      if ((actual !== undefined) !== operand) differs(actual, { $$exists: operand }, at)
      return
    case '$$unsetOrMatches':
      if (actual !== undefined && actual !== null) assertMatches(actual, operand, at)
      return
    case '$$type':
      if (![operand].flat().some((type) => isType(actual, String(type))))
        differs(actual, operand, at)
      return
    case '$$sessionLsid': {
      const session = at.entities.sessions.get(String(operand))
      if (!same(actual, session?.id)) differs(actual, session?.id, at)
      return
    }
    case '$$matchesHexBytes':
      if (!Buffer.isBuffer(actual) || actual.toString('hex') !== operand)
        differs(actual, operand, at)
      return
    default:
      throw new Error(`${operator} is not known`)
  }
}

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  int: Number.isInteger,
  long: (value) => Number.isInteger(value) || typeof value === 'bigint' || value instanceof Long,
  double: (value) => typeof value === 'number',
  number: (value) => typeof value === 'number' || value instanceof Long,
  string: (value) => typeof value === 'string',
  object: isDocument,
  array: Array.isArray,
  bool: (value) => typeof value === 'boolean',
  date: (value) => value instanceof Date,
  objectId: (value) => hasTag(value, 'ObjectId'),
  binData: (value) => hasTag(value, 'Binary'),
}

function isType(value: unknown, type: string): boolean {
  const test = TYPES[type]
  if (test === undefined) throw new Error(`type ${type} is not known`)
  return test(value)
}

function hasTag(value: unknown, tag: string): boolean {
  return (
    typeof value === 'object' && value !== null && '_bsontype' in value && value._bsontype === tag
  )
}

function isDocument(value: unknown): value is Document {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return !('_bsontype' in value) && !(value instanceof Date) && !Buffer.isBuffer(value)
}

function same(a: unknown, b: unknown): boolean {
  if (numberOf(a) !== undefined) return numberOf(a) === numberOf(b)
  if (a === undefined || b === undefined) return a === b
  return (
    BSON.EJSON.stringify({ v: a }, { relaxed: true }) ===
    BSON.EJSON.stringify({ v: b }, { relaxed: true })
  )
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  return value instanceof Long ? value.toNumber() : undefined
}

function differs(actual: unknown, expected: unknown, { path }: Place): never {
  const show = (value: unknown): string => BSON.EJSON.stringify({ value: value ?? null })
  throw new Error(`${path}: expected ${show(expected)}, found ${show(actual)}`)
}
