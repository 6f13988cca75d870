import type { Document } from 'bson'
import { compareRaw, rawValue, type Collator } from '../bson/compare.js'
import { decodeValue, NULL, OBJECT, type RawValue } from '../bson/raw.js'
import { pathOf, plainValue, type Path } from '../bson/tuples.js'
import { isPlainObject, numeric, typeName } from '../commands/schema.js'
import { MongoError } from '../errors.js'
import { compileElementTest, type FilterOptions } from '../query/match.js'
import type { Test } from '../query/path-walk.js'
import { isOperators, isRegex } from '../query/predicates.js'
import { rawOf, type Node } from './tree.js'

/** Changes the elements of an array. */
export type ChangeElements = (elements: readonly Node[]) => readonly Node[]

/** What compares values in an update. */
export interface Comparing extends FilterOptions {
  readonly collator: Collator | undefined
}

/** `$push`: at the end or at a position, then sorted, then cut. */
export function push(operand: unknown): ChangeElements {
  if (!isPlainObject(operand) || !('$each' in operand)) {
    const value = rawValue(operand)
    return (elements) => [...elements, value]
  }
  checkClauses(operand)
  const added = listOf('$push', operand['$each']).map(rawValue)
  const position = integerClause(operand, '$position')
  const slice = integerClause(operand, '$slice')
  const order = operand['$sort'] === undefined ? undefined : elementOrder(operand['$sort'])
  return (elements) => {
    const result = [...elements]
    result.splice(placeFor(position, result.length), 0, ...added)
    if (order !== undefined) result.sort((a, b) => order(rawOf(a), rawOf(b)))
    if (slice === undefined) return result
    return slice < 0 ? result.slice(slice) : result.slice(0, slice)
  }
}

function placeFor(position: number | undefined, length: number): number {
  if (position === undefined) return length
  return position < 0 ? Math.max(0, length + position) : position
}

const CLAUSES = new Set(['$each', '$position', '$slice', '$sort'])

function checkClauses(operand: Document): void {
  for (const name of Object.keys(operand))
    if (!CLAUSES.has(name)) throw new MongoError(2, `Unrecognized clause in $push: ${name}`)
}

function listOf(operator: string, each: unknown): unknown[] {
  if (Array.isArray(each)) return each
  throw new MongoError(
    operator === '$push' ? 2 : 14,
    `The argument to $each in ${operator} must be an array but it was of type: ${typeName(each)}`,
  )
}

function integerClause(operand: Document, name: string): number | undefined {
  if (operand[name] === undefined) return undefined
  const value = numeric(operand[name])
  if (Number.isInteger(value)) return value
  throw new MongoError(
    2,
    `The value for ${name} must be an integer value but was given type: ${typeName(operand[name])}`,
  )
}

type Order = (a: RawValue, b: RawValue) => number

function elementOrder(sort: unknown): Order {
  if (!isPlainObject(sort)) {
    const direction = directionOf(sort)
    return (a, b) => compareRaw(a, b) * direction
  }
  if (Object.keys(sort).length === 0)
    throw new MongoError(2, 'The sort pattern is empty when it should be a set of fields.')
  const fields = Object.entries(sort).map(([name, direction]) => {
    if (name === '' || name.split('.').includes(''))
      throw new MongoError(2, 'The sort field is a dotted field with an empty part')
    return { path: pathOf(name), direction: directionOf(direction) }
  })
  return (a, b) => {
    for (const { path, direction } of fields) {
      const order = compareRaw(valueIn(a, path), valueIn(b, path)) * direction
      if (order !== 0) return order
    }
    return 0
  }
}

function directionOf(value: unknown): number {
  const direction = numeric(value)
  if (direction === 1 || direction === -1) return direction
  throw new MongoError(2, 'The $sort element value must be either 1 or -1')
}

const NOTHING: RawValue = { buffer: Buffer.alloc(0), type: NULL, offset: 0 }

function valueIn(element: RawValue, { names }: Path): RawValue {
  if (element.type !== OBJECT) return NOTHING
  return plainValue(names, element.buffer, element.offset) ?? NOTHING
}

/** `$addToSet`: what is not among the elements yet. */
export function addToSet(operand: unknown, { collator }: Comparing): ChangeElements {
  const isList = isPlainObject(operand) && Object.keys(operand)[0] === '$each'
  if (isList && Object.keys(operand).length > 1)
    throw new MongoError(2, `Found unexpected fields after $each in $addToSet`)
  const values = (isList ? listOf('$addToSet', operand['$each']) : [operand]).map(rawValue)
  return (elements) => {
    const result = [...elements]
    for (const value of values)
      if (!result.some((element) => compareRaw(rawOf(element), value, collator) === 0))
        result.push(value)
    return result
  }
}

/** `$pop`: without the first or the last element. */
export function pop(operand: unknown): ChangeElements {
  const end = numeric(operand)
  if (end !== 1 && end !== -1) throw new MongoError(9, '$pop expects 1 or -1')
  return (elements) => (end === 1 ? elements.slice(0, -1) : elements.slice(1))
}

/** `$pullAll`: without the elements that equal one of a list. */
export function pullAll(operand: unknown, { collator }: Comparing): ChangeElements {
  if (!Array.isArray(operand))
    throw new MongoError(
      2,
      `$pullAll requires an array argument but was given a ${typeName(operand)}`,
    )
  const values = operand.map(rawValue)
  return (elements) => {
    return elements.filter((element) => {
      const value = rawOf(element)
      return !values.some((other) => compareRaw(value, other, collator) === 0)
    })
  }
}

/** `$pull`: without the elements that equal a value or meet a condition. */
export function pull(operand: unknown, comparing: Comparing): ChangeElements {
  const test = pulled(operand, comparing)
  return (elements) => {
    return elements.filter((element) => {
      const { buffer, type, offset } = rawOf(element)
      return !test(buffer, type, offset)
    })
  }
}

function pulled(operand: unknown, comparing: Comparing): Test {
  if (isRegex(operand)) return compileElementTest({ $regex: operand }, comparing)
  if (isOperators(operand)) return compileElementTest(operand, comparing)
  if (!isPlainObject(operand)) return compileElementTest({ $eq: operand }, comparing)
  const test = compileElementTest(operand, comparing)
  return (buffer, type, offset) => type === OBJECT && test(buffer, type, offset)
}

/** The message's name for the type of a value that should have been an array. */
export function typeNameOf(node: Node): string {
  return typeName(decodeValue(rawOf(node)))
}
