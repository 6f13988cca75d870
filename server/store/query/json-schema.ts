import type { Document } from 'bson'
import { stringAt } from '../bson/compare.js'
import { encodeRawKey } from '../bson/key-codec.js'
import { isNumberType, nearestDouble } from '../bson/numbers.js'
import * as bson from '../bson/raw.js'
import { isPlainObject, numeric } from '../commands/schema.js'
import { MongoError } from '../errors.js'
import { equals, anyTest } from './comparisons.js'
import type { Test } from './path-walk.js'
import { compileRegex } from './regex.js'
import { countElements, hasType } from './value-tests.js'

type Compile = (operand: unknown, schema: Document) => Test

const ALWAYS: Test = () => true

/** Compiles a JSON schema to a test of values; keywords that MongoDB does not know are refused. */
export function compileJsonSchema(schema: unknown): Test {
  if (!isPlainObject(schema)) throw new MongoError(14, 'a $jsonSchema must be an object')
  return every(
    (Object.entries(schema) as [string, unknown][]).map(([keyword, operand]) => {
      const compile = KEYWORDS[keyword]
      if (compile === undefined) throw new MongoError(9, `Unknown $jsonSchema keyword: ${keyword}`)
      return compile(operand, schema)
    }),
  )
}

function every(tests: readonly Test[]): Test {
  return (buffer, type, offset) => tests.every((test) => test(buffer, type, offset))
}

/** A keyword speaks only of values of some types; all others pass. */
function only(isMeant: (type: number) => boolean, test: Test): Test {
  return (buffer, type, offset) => !isMeant(type) || test(buffer, type, offset)
}

const isText = (type: number): boolean => type === bson.STRING
const isObject = (type: number): boolean => type === bson.OBJECT
const isArray = (type: number): boolean => type === bson.ARRAY

/** JSON's names of the types; the numbers are one. */
const JSON_TYPES: Readonly<Record<string, string>> = { boolean: 'bool' }
const JSON_NAMES = new Set(['object', 'array', 'number', 'boolean', 'string', 'null'])

function jsonType(operand: unknown): Test {
  const names = [operand].flat().map(String)
  for (const name of names)
    if (!JSON_NAMES.has(name)) throw new MongoError(2, `Unknown type name alias: ${name}`)
  return hasType(names.map((name) => JSON_TYPES[name] ?? name))
}

function limit(passes: (value: number, limit: number) => boolean): Compile {
  return (operand) => {
    const wanted = numberOf(operand)
    return only(isNumberType, (buffer, type, offset) => {
      return passes(nearestDouble({ buffer, type, offset }), wanted)
    })
  }
}

function numberOf(operand: unknown): number {
  const value = numeric(operand)
  if (Number.isNaN(value)) throw new MongoError(14, '$jsonSchema keyword must be a number')
  return value
}

interface Measure {
  readonly isMeant: (type: number) => boolean
  readonly of: (buffer: Buffer, offset: number) => number
}

const LENGTH: Measure = {
  isMeant: isText,
  of: (buffer, offset) => Array.from(stringAt(buffer, offset)).length,
}
const ITEMS: Measure = { isMeant: isArray, of: countElements }
const PROPERTIES: Measure = { isMeant: isObject, of: countElements }

function atLeast({ isMeant, of }: Measure): Compile {
  return (operand) => {
    const least = numberOf(operand)
    return only(isMeant, (buffer, _type, offset) => of(buffer, offset) >= least)
  }
}

function atMost({ isMeant, of }: Measure): Compile {
  return (operand) => {
    const most = numberOf(operand)
    return only(isMeant, (buffer, _type, offset) => of(buffer, offset) <= most)
  }
}

function listOf(operand: unknown): Test[] {
  if (!Array.isArray(operand) || operand.length === 0)
    throw new MongoError(9, '$jsonSchema keyword must be a non-empty array')
  return operand.map(compileJsonSchema)
}

function required(operand: unknown): Test {
  if (!Array.isArray(operand) || operand.length === 0)
    throw new MongoError(9, "$jsonSchema keyword 'required' cannot be an empty array")
  const names = operand.map((name) => Buffer.from(String(name)))
  return only(isObject, (buffer, _type, offset) => {
    return names.every((name) => bson.findElement(buffer, offset, name) >= 0)
  })
}

function entriesOf(operand: unknown): [string, Test][] {
  if (!isPlainObject(operand)) throw new MongoError(14, '$jsonSchema keyword must be an object')
  return Object.entries(operand).map(([name, schema]) => [name, compileJsonSchema(schema)])
}

function properties(operand: unknown): Test {
  const tests = new Map(entriesOf(operand))
  return eachField((name) => [tests.get(name) ?? ALWAYS])
}

function patternProperties(operand: unknown): Test {
  const tests = entriesOf(operand).map(([pattern, test]) => {
    return { regex: compileRegex(pattern, ''), test }
  })
  return eachField((name) => {
    return tests.filter(({ regex }) => regex.test(name)).map(({ test }) => test)
  })
}

function additionalProperties(operand: unknown, schema: Document): Test {
  const test = additional(operand)
  const named = new Set(Object.keys((schema['properties'] ?? {}) as Document))
  const patterns = Object.keys((schema['patternProperties'] ?? {}) as Document)
  const regexes = patterns.map((pattern) => compileRegex(pattern, ''))
  return eachField((name) => {
    const isKnown = named.has(name) || regexes.some((regex) => regex.test(name))
    return isKnown ? [] : [test]
  })
}

function additional(operand: unknown): Test {
  if (typeof operand === 'boolean') return () => operand
  return compileJsonSchema(operand)
}

function eachField(testsFor: (name: string) => readonly Test[]): Test {
  return only(isObject, (buffer, _type, start) => {
    for (const { name, type, offset } of bson.fields(buffer, start))
      if (!every(testsFor(name))(buffer, type, offset)) return false
    return true
  })
}

function items(operand: unknown): Test {
  if (!Array.isArray(operand)) return eachItem([], compileJsonSchema(operand))
  return eachItem(operand.map(compileJsonSchema), ALWAYS)
}

function additionalItems(operand: unknown, schema: Document): Test {
  const listed: unknown = schema['items']
  if (!Array.isArray(listed)) return ALWAYS
  const known = listed.map((): Test => ALWAYS)
  return eachItem(known, additional(operand))
}

function eachItem(first: readonly Test[], others: Test): Test {
  return only(isArray, (buffer, _type, start) => {
    const elements = [...bson.arrayElements(buffer, start)]
    return elements.every(({ type, offset }, at) => (first[at] ?? others)(buffer, type, offset))
  })
}

function uniqueItems(operand: unknown): Test {
  if (operand !== true) return ALWAYS
  return only(isArray, (buffer, _type, start) => {
    const elements = [...bson.arrayElements(buffer, start)]
    const keys = elements.map((element) => encodeRawKey([element], [1]).toString('latin1'))
    return new Set(keys).size === keys.length
  })
}

function dependencies(operand: unknown): Test {
  if (!isPlainObject(operand)) throw new MongoError(14, '$jsonSchema keyword must be an object')
  const rules = Object.entries(operand).map(([name, rule]: [string, unknown]) => {
    const test = Array.isArray(rule) ? required(rule) : compileJsonSchema(rule)
    return { name: Buffer.from(name), test }
  })
  return only(isObject, (buffer, type, offset) => {
    return rules.every(({ name, test }) => {
      return bson.findElement(buffer, offset, name) < 0 || test(buffer, type, offset)
    })
  })
}

function enumeration(operand: unknown): Test {
  if (!Array.isArray(operand) || operand.length === 0)
    throw new MongoError(9, "$jsonSchema keyword 'enum' must be a non-empty array")
  return anyTest(operand.map((value: unknown) => equals(value, undefined)))
}

const KEYWORDS: Readonly<Record<string, Compile>> = {
  bsonType: (operand) => hasType(operand),
  type: jsonType,
  enum: enumeration,
  required,
  properties,
  patternProperties,
  additionalProperties,
  items,
  additionalItems,
  uniqueItems,
  dependencies,
  minimum: (operand, { exclusiveMinimum }) =>
    limit((value, least) => (exclusiveMinimum === true ? value > least : value >= least))(
      operand,
      {},
    ),
  maximum: (operand, { exclusiveMaximum }) =>
    limit((value, most) => (exclusiveMaximum === true ? value < most : value <= most))(operand, {}),
  exclusiveMinimum: () => ALWAYS,
  exclusiveMaximum: () => ALWAYS,
  multipleOf: limit((value, step) => Number.isInteger(value / step)),
  minLength: atLeast(LENGTH),
  maxLength: atMost(LENGTH),
  minItems: atLeast(ITEMS),
  maxItems: atMost(ITEMS),
  minProperties: atLeast(PROPERTIES),
  maxProperties: atMost(PROPERTIES),
  pattern: (operand) => {
    const regex = compileRegex(String(operand), '')
    return only(isText, (buffer, _type, offset) => regex.test(stringAt(buffer, offset)))
  },
  allOf: (operand) => every(listOf(operand)),
  anyOf: (operand) => anyTest(listOf(operand)),
  oneOf: (operand) => {
    const tests = listOf(operand)
    return (buffer, type, offset) => tests.filter((test) => test(buffer, type, offset)).length === 1
  },
  not: (operand) => {
    const test = compileJsonSchema(operand)
    return (buffer, type, offset) => !test(buffer, type, offset)
  },
  title: () => ALWAYS,
  description: () => ALWAYS,
}
