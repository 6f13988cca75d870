import type { Document } from 'bson'
import { ARRAY, OBJECT } from '../bson/raw.js'
import { isPlainObject } from '../commands/schema.js'
import { MongoError } from '../errors.js'
import { equals, inRange, isOneOf, matchesRegex, type RangeOperator } from './comparisons.js'
import { compileDocument, onValue, type FilterContext } from './match.js'
import { anyElement, type Test } from './path-walk.js'
import { isOperators, isRegex } from './predicates.js'
import {
  hasBits,
  hasSize,
  hasType,
  isOn,
  isThere,
  leaves,
  type BitOperator,
} from './value-tests.js'

/** What must hold at a path: for one of its values, for all of several conditions, or not at all. */
export type Condition =
  | { readonly kind: 'test'; readonly test: Test; readonly expands: boolean }
  | { readonly kind: 'all' | 'not'; readonly of: readonly Condition[] }

interface Operation {
  readonly operand: unknown
  /** All the operators beside this one. */
  readonly all: Document
  readonly context: FilterContext
}

type Compile = (operation: Operation) => Condition

const onEach = (test: Test): Condition => ({ kind: 'test', test, expands: true })
const onWhole = (test: Test): Condition => ({ kind: 'test', test, expands: false })
const noneOf = (condition: Condition): Condition => ({ kind: 'not', of: [condition] })

/** Compiles `{ $operator: operand, … }`, one condition for each operator. */
export function allConditions(all: Document, context: FilterContext): Condition[] {
  return (Object.entries(all) as [string, unknown][])
    .filter(([operator]) => operator !== '$comment')
    .map(([operator, operand]) => compileCondition(operator, { operand, all, context }))
}

/** Compiles one operator and its operand. */
export function compileCondition(operator: string, operation: Operation): Condition {
  const compile = OPERATORS[operator]
  if (compile === undefined || !Object.hasOwn(OPERATORS, operator))
    throw new MongoError(2, `unknown operator: ${operator}`)
  return compile(operation)
}

function comparison(operator: RangeOperator): Compile {
  return ({ operand, context }) => {
    if (isRegex(operand))
      throw new MongoError(2, `Can't have RegEx as arg to predicate over field with ${operator}`)
    return onEach(inRange(operator, operand, context.collator))
  }
}

function bits(operator: BitOperator): Compile {
  return ({ operand }) => onEach(hasBits(operator, operand))
}

const OPERATORS: Readonly<Record<string, Compile>> = {
  '$eq or $regex': equality,
  $eq: ({ operand, context }) => onEach(equals(operand, context.collator)),
  $ne: ({ operand, context }) => {
    if (isRegex(operand)) throw new MongoError(2, "Can't have regex as arg to $ne.")
    return noneOf(onEach(equals(operand, context.collator)))
  },
  $gt: comparison('$gt'),
  $gte: comparison('$gte'),
  $lt: comparison('$lt'),
  $lte: comparison('$lte'),
  $in: ({ operand, context }) => onEach(isOneOf(operand, context.collator)),
  $nin: ({ operand, context }) => noneOf(onEach(isOneOf(operand, context.collator))),
  $exists: ({ operand }) => (isOn(operand) ? onWhole(isThere) : noneOf(onWhole(isThere))),
  $type: ({ operand }) => onEach(hasType(operand)),
  $mod: ({ operand }) => onEach(leaves(operand)),
  $size: ({ operand }) => onWhole(hasSize(operand)),
  $regex: ({ operand, all }) => onEach(matchesRegex(operand, all['$options'])),
  $options: options,
  $not: negation,
  $all: every,
  $elemMatch: elements,
  $bitsAllSet: bits('$bitsAllSet'),
  $bitsAllClear: bits('$bitsAllClear'),
  $bitsAnySet: bits('$bitsAnySet'),
  $bitsAnyClear: bits('$bitsAnyClear'),
  $near: refuseNear,
  $nearSphere: refuseNear,
  $geoNear: refuseNear,
  $geoWithin: refuseGeometry,
  $within: refuseGeometry,
  $geoIntersects: refuseGeometry,
}

/** A value that stands alone: to be equal to, or a regular expression to match. */
function equality({ operand, context }: Operation): Condition {
  if (isRegex(operand)) return onEach(matchesRegex(operand, undefined))
  return onEach(equals(operand, context.collator))
}

function options({ all }: Operation): Condition {
  if (!('$regex' in all)) throw new MongoError(2, '$options needs a $regex')
  return { kind: 'all', of: [] }
}

function negation({ operand, context }: Operation): Condition {
  if (isRegex(operand)) return noneOf(onEach(matchesRegex(operand, undefined)))
  if (!isPlainObject(operand)) throw new MongoError(2, '$not needs a regex or a document')
  if (Object.keys(operand).length === 0) throw new MongoError(2, '$not cannot be empty')
  return { kind: 'not', of: allConditions(operand, context) }
}

/** `$all`: each of the list must be found, none at all when the list is empty. */
function every({ operand, context }: Operation): Condition {
  if (!Array.isArray(operand)) throw new MongoError(2, '$all needs an array')
  if (operand.length === 0) return onEach(() => false)
  const of = operand.map((value: unknown) => {
    if (!isOperators(value)) return equality({ operand: value, all: {}, context })
    if (!('$elemMatch' in value)) throw new MongoError(2, 'no $ expressions in $all')
    return elements({ operand: value['$elemMatch'], all: value, context })
  })
  return { kind: 'all', of }
}

const LOGICAL = new Set(['$and', '$or', '$nor', '$where', '$expr', '$jsonSchema', '$text'])

/** `$elemMatch`: one element of an array for which everything holds. */
function elements({ operand, context }: Operation): Condition {
  if (!isPlainObject(operand)) throw new MongoError(2, '$elemMatch needs an Object')
  const anyOf = anyElement(elementTest(operand, context), context.place)
  return onWhole((buffer, type, offset) => type === ARRAY && anyOf(buffer, offset))
}

/** Compiles what must hold for one element: operators on its value, or a filter on its fields. */
export function elementTest(condition: Document, context: FilterContext): Test {
  const [first] = Object.keys(condition)
  const isOnValue = isOperators(condition) && !LOGICAL.has(first ?? '')
  return isOnValue
    ? onValue(allConditions(condition, context))
    : documentElement(condition, context)
}

function documentElement(filter: Document, context: FilterContext): Test {
  const test = compileDocument(filter, { ...context, isNested: true })
  return (buffer, type, offset) => (type === OBJECT || type === ARRAY) && test(buffer, offset)
}

function refuseNear(): never {
  throw new MongoError(
    291,
    'error processing query: planner returned error :: caused by :: unable to find index for $geoNear query',
  )
}

function refuseGeometry(): never {
  throw new MongoError(115, 'geospatial queries are not supported by this store')
}
