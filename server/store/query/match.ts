import type { Document } from 'bson'
import type { Collator } from '../bson/compare.js'
import { isPlainObject } from '../commands/schema.js'
import { MongoError } from '../errors.js'
import { collatorOf } from './collation.js'
import { allConditions, compileCondition, elementTest, type Condition } from './conditions.js'
import { walkPath, type DocumentTest, type MatchPlace, type Test } from './path-walk.js'
import { isOperators } from './predicates.js'
import { topLevelTest } from './top-level.js'

/** How values are compared, and what expressions in a filter know. */
export interface FilterOptions {
  readonly collation?: unknown
  /** Values for `$$name` in expressions. */
  readonly variables?: Document | undefined
  readonly now?: Date | undefined
}

/** What the parts of a filter are compiled with. */
export interface FilterContext extends Omit<FilterOptions, 'collation'> {
  readonly collation: unknown
  readonly collator: Collator | undefined
  readonly place: MatchPlace
  /** Inside `$elemMatch`, where what speaks of the whole document has no place. */
  readonly isNested: boolean
}

/** Compiles a filter to a test of stored documents, which are not decoded for it. */
export function compileFilter(
  filter: Document,
  options: FilterOptions = {},
): (raw: Buffer) => boolean {
  const test = compileDocument(filter, contextOf(options, { index: -1 }))
  return (raw) => test(raw, 0)
}

/** Compiles a filter that finds the place, in its array, of the element that made it match. */
export function compilePlaceFinder(
  filter: Document,
  options: FilterOptions = {},
): (raw: Buffer) => number | undefined {
  const place: MatchPlace = { index: -1 }
  const test = compileDocument(filter, contextOf(options, place))
  return (raw) => {
    place.index = -1
    return test(raw, 0) && place.index >= 0 ? place.index : undefined
  }
}

/** Compiles a condition on the elements of an array, as `$elemMatch` and `$pull` have it. */
export function compileElementTest(condition: Document, options: FilterOptions = {}): Test {
  return elementTest(condition, contextOf(options, { index: -1 }))
}

function contextOf(options: FilterOptions, place: MatchPlace): FilterContext {
  const { collation, variables, now } = options
  const collator = collatorOf(collation)
  return { collation, collator, variables, now, place, isNested: false }
}

/** Compiles a filter inside a filter: all of its fields must hold. */
export function compileDocument(filter: Document, context: FilterContext): DocumentTest {
  const tests = (Object.entries(filter) as [string, unknown][])
    .map(([name, condition]) => compileEntry(name, condition, context))
    .filter((test) => test !== undefined)
  return allOf(tests)
}

function allOf(tests: readonly DocumentTest[]): DocumentTest {
  const [first, second] = tests
  if (first === undefined) return () => true
  if (second === undefined) return first
  return (buffer, start) => {
    for (const test of tests) if (!test(buffer, start)) return false
    return true
  }
}

function compileEntry(
  name: string,
  condition: unknown,
  context: FilterContext,
): DocumentTest | undefined {
  switch (name) {
    case '$and':
      return allOf(branches(name, condition, context))
    case '$or':
      return anyOf(branches(name, condition, context), context.place)
    case '$nor':
      return not(anyOf(branches(name, condition, context), context.place))
    case '$comment':
      return undefined
  }
  if (name.startsWith('$') && !['$ref', '$id', '$db'].includes(name.split('.')[0] ?? ''))
    return topLevelTest(name, condition, context)
  return onPath(name, fieldConditions(condition, context), context)
}

function branches(name: string, list: unknown, context: FilterContext): DocumentTest[] {
  if (!Array.isArray(list)) throw new MongoError(2, `${name} argument must be an array`)
  if (list.length === 0) throw new MongoError(2, `${name} argument must be a non-empty array`)
  return list.map((branch: unknown) => {
    if (!isPlainObject(branch))
      throw new MongoError(2, `${name} argument's entries must be objects`)
    return compileDocument(branch, context)
  })
}

/** A branch that fails leaves no trace of the elements it had found. */
function anyOf(tests: readonly DocumentTest[], place: MatchPlace): DocumentTest {
  return (buffer, start) => {
    const before = place.index
    for (const test of tests) {
      if (test(buffer, start)) return true
      place.index = before
    }
    return false
  }
}

function not(test: DocumentTest): DocumentTest {
  return (buffer, start) => !test(buffer, start)
}

function fieldConditions(condition: unknown, context: FilterContext): Condition[] {
  if (isOperators(condition)) return allConditions(condition, context)
  return [compileCondition('$eq or $regex', { operand: condition, all: {}, context })]
}

/** Applies conditions to the values at a path. */
export function onPath(
  path: string,
  conditions: readonly Condition[],
  context: FilterContext,
): DocumentTest {
  const { place } = context
  return allOf(
    conditions.map((condition) => {
      switch (condition.kind) {
        case 'test':
          return walkPath({ path, place, test: condition.test, expands: condition.expands })
        case 'all':
          return onPath(path, condition.of, context)
        case 'not':
          return not(onPath(path, condition.of, context))
      }
    }),
  )
}

/** Applies conditions to a single value, which is taken as it is even when it is an array. */
export function onValue(conditions: readonly Condition[]): Test {
  const tests = conditions.map((condition): Test => {
    if (condition.kind === 'test') return condition.test
    const inner = onValue(condition.of)
    return condition.kind === 'all' ? inner : (buffer, type, offset) => !inner(buffer, type, offset)
  })
  return (buffer, type, offset) => {
    for (const test of tests) if (!test(buffer, type, offset)) return false
    return true
  }
}
