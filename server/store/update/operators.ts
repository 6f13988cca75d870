import { Timestamp, type Document } from 'bson'
import { compareRaw, rawValue } from '../bson/compare.js'
import { isNumberType } from '../bson/numbers.js'
import { decodeValue, type RawValue } from '../bson/raw.js'
import { isPlainObject, numeric, typeName } from '../commands/schema.js'
import { MongoError } from '../errors.js'
import { bitOperations, calculate, changeBits } from './arithmetic.js'
import {
  addToSet,
  pop,
  pull,
  pullAll,
  push,
  typeNameOf,
  type ChangeElements,
  type Comparing,
} from './arrays.js'
import type { Place } from './paths.js'
import { ArrayNode, opened, rawOf } from './tree.js'

/** Changes what is at one place. */
export interface Change {
  readonly run: (place: Place) => void
  /** Whether the way to the place is made where it is missing. */
  readonly creates: boolean
  /** Only done when the document is new. */
  readonly onInsert?: boolean
}

interface Operand {
  readonly path: string
  readonly value: unknown
  readonly now: Date
  readonly comparing: Comparing
}

type Compile = (operand: Operand) => Change

/** Compiles one operator on one path. */
export function compileOperator(operator: string, operand: Operand): Change {
  const compile = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined
  if (compile !== undefined) return compile(operand)
  throw unknownModifier(operator)
}

/** Whether an update has an operator of this name; `$rename` is one of its own kind. */
export function isOperator(name: string): boolean {
  return Object.hasOwn(OPERATORS, name)
}

/** MongoDB's error for a name that is no operator. */
export function unknownModifier(name: string): MongoError {
  return new MongoError(
    9,
    `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`,
  )
}

const OPERATORS: Readonly<Record<string, Compile>> = {
  $set: ({ value }) => setting(rawValue(value)),
  $setOnInsert: ({ value }) => ({ ...setting(rawValue(value)), onInsert: true }),
  $unset: () => ({
    creates: false,
    run: (place) => {
      place.unset()
    },
  }),
  $currentDate: ({ value, now }) => setting(rawValue(currentDate(value, now))),
  $inc: (operand) => arithmetic('$inc', operand),
  $mul: (operand) => arithmetic('$mul', operand),
  $min: (operand) => extreme(operand, -1),
  $max: (operand) => extreme(operand, 1),
  $bit: bit,
  $push: ({ path, value }) => growing('$push', path, push(value)),
  $addToSet: ({ path, value, comparing }) => growing('$addToSet', path, addToSet(value, comparing)),
  $pop: ({ path, value }) => shrinking('$pop', path, pop(value)),
  $pull: ({ path, value, comparing }) => shrinking('$pull', path, pull(value, comparing)),
  $pullAll: ({ path, value, comparing }) => shrinking('$pullAll', path, pullAll(value, comparing)),
}

function setting(value: RawValue): Change {
  return {
    creates: true,
    run: (place) => {
      place.set(value)
    },
  }
}

function currentDate(value: unknown, now: Date): unknown {
  const type: unknown = isPlainObject(value) ? value['$type'] : undefined
  if (typeof value === 'boolean' || type === 'date') return now
  if (type === 'timestamp') return new Timestamp({ t: Math.floor(now.getTime() / 1000), i: 1 })
  throw new MongoError(
    2,
    `${typeName(value)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`,
  )
}

function arithmetic(operator: '$inc' | '$mul', { path, value }: Operand): Change {
  if (Number.isNaN(numeric(value)) && !isNumberType(rawValue(value).type)) {
    const verb = operator === '$inc' ? 'increment' : 'multiply'
    throw new MongoError(
      14,
      `Cannot ${verb} with non-numeric argument: {${path}: ${JSON.stringify(value)}}`,
    )
  }
  const operand = rawValue(value)
  const absent = operator === '$inc' ? operand : calculate('$mul', rawValue(0), operand)
  return {
    creates: true,
    run: (place) => {
      const found = place.get()
      if (found === undefined) {
        place.set(absent)
        return
      }
      const before = rawOf(found)
      if (!isNumberType(before.type)) {
        const name = path.split('.').at(-1) ?? ''
        throw new MongoError(
          14,
          `Cannot apply ${operator} to a value of non-numeric type. The field '${name}' is of non-numeric type ${typeName(decodeValue(before))}`,
        )
      }
      place.set(calculate(operator, before, operand))
    },
  }
}

/** `$min` and `$max` in MongoDB's order of all types. */
function extreme({ value, comparing }: Operand, sign: 1 | -1): Change {
  const operand = rawValue(value)
  return {
    creates: true,
    run: (place) => {
      const found = place.get()
      const isBeyond =
        found === undefined || compareRaw(operand, rawOf(found), comparing.collator) * sign > 0
      if (isBeyond) place.set(operand)
    },
  }
}

function bit({ value }: Operand): Change {
  const operations = bitOperations(value)
  return {
    creates: true,
    run: (place) => {
      const found = place.get()
      place.set(changeBits(found === undefined ? undefined : rawOf(found), operations))
    },
  }
}

/** An operator that makes the array where there is none. */
function growing(operator: string, path: string, change: ChangeElements): Change {
  return {
    creates: true,
    run: (place) => {
      const found = place.get()
      if (found === undefined) {
        place.set(new ArrayNode([], change([])))
        return
      }
      const array = opened(found)
      if (!(array instanceof ArrayNode))
        throw new MongoError(
          2,
          operator === '$push'
            ? `The field '${path}' must be an array but is of type ${typeNameOf(found)}`
            : `Cannot apply ${operator} to non-array field. Field named '${path.split('.').at(-1) ?? ''}' has non-array type ${typeNameOf(found)}`,
        )
      place.set(new ArrayNode(array.original, change(array.elements)))
    },
  }
}

/** An operator that has nothing to do where there is no array. */
function shrinking(operator: string, path: string, change: ChangeElements): Change {
  return {
    creates: false,
    run: (place) => {
      const found = place.get()
      const array = opened(found)
      if (array instanceof ArrayNode)
        place.set(new ArrayNode(array.original, change(array.elements)))
      else if (operator === '$pop')
        throw new MongoError(14, `Path '${path}' contains an element of non-array type`)
      else throw new MongoError(2, `Cannot apply ${operator} to a non-array value`)
    },
  }
}

/** The fields that an operator names, each with its operand. */
export function operandsOf(operator: string, spec: unknown): [string, unknown][] {
  if (isPlainObject(spec)) return Object.entries(spec as Document)
  throw new MongoError(
    9,
    `Modifiers operate on fields but we found type ${typeName(spec)} instead. For example: {$mod: {<field>: ...}} not {${operator}: ${JSON.stringify(spec)}}`,
  )
}
