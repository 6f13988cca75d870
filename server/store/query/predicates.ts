import { BSONRegExp, MaxKey, MinKey, type Document } from 'bson'
import { isPlainObject, numeric } from '../commands/schema.js'

/** One end of a range. */
export interface Limit {
  readonly value: unknown
  readonly inclusive: boolean
}

/** What a filter demands of one path, as far as an index can help with it. */
export interface PathPredicates {
  /** Each must be among the path's values. */
  readonly equals: unknown[]
  /** One of each list must be among the path's values. */
  readonly oneOf: (readonly unknown[])[]
  lower?: Limit
  upper?: Limit
  /** Both limits hold for one and the same array element. */
  isOneElement?: boolean
  /** Strings must begin so. */
  prefix?: string
  exists?: boolean
  types?: unknown
}

/** A filter taken apart: conditions by path, and the `$or` lists that stand beside them. */
export interface Predicates {
  readonly paths: ReadonlyMap<string, PathPredicates>
  readonly unions: readonly (readonly Document[])[]
}

const MOST_POINTS = 2000

/** Takes a filter apart; what is not understood is left to the filter itself. */
export function predicatesOf(filter: Document): Predicates {
  const paths = new Map<string, PathPredicates>()
  const unions: (readonly Document[])[] = []
  collect(filter, paths, unions)
  return { paths, unions }
}

function collect(
  filter: Document,
  paths: Map<string, PathPredicates>,
  unions: (readonly Document[])[],
): void {
  for (const [path, condition] of Object.entries(filter) as [string, unknown][]) {
    if (path === '$and') for (const part of condition as Document[]) collect(part, paths, unions)
    else if (path === '$or') unions.push(condition as Document[])
    else if (!path.startsWith('$')) addCondition(paths, path, condition)
  }
}

function at(paths: Map<string, PathPredicates>, path: string): PathPredicates {
  const found = paths.get(path) ?? { equals: [], oneOf: [] }
  paths.set(path, found)
  return found
}

function addCondition(paths: Map<string, PathPredicates>, path: string, condition: unknown): void {
  if (!isOperators(condition)) {
    addEquality(at(paths, path), condition)
    return
  }
  for (const [operator, operand] of Object.entries(condition) as [string, unknown][]) {
    if (operator === '$elemMatch') addElements(paths, path, operand)
    else if (operator === '$regex') addPrefix(at(paths, path), operand, condition['$options'])
    else addOperator(at(paths, path), operator, operand)
  }
}

function addOperator(into: PathPredicates, operator: string, operand: unknown): void {
  switch (operator) {
    case '$eq':
      if (!isRegex(operand)) into.equals.push(operand)
      break
    case '$in':
      addList(into, operand)
      break
    case '$all':
      for (const value of Array.isArray(operand) ? operand : [])
        if (!isOperators(value)) addEquality(into, value)
      break
    case '$gt':
    case '$gte':
      if (into.isOneElement !== true)
        into.lower ??= { value: operand, inclusive: operator === '$gte' }
      break
    case '$lt':
    case '$lte':
      if (into.isOneElement !== true)
        into.upper ??= { value: operand, inclusive: operator === '$lte' }
      break
    case '$exists':
      into.exists = !(operand === false || operand === null || numeric(operand) === 0)
      break
    case '$type':
      into.types = operand
      break
  }
}

function addList(into: PathPredicates, operand: unknown): void {
  if (!Array.isArray(operand) || operand.length > MOST_POINTS || operand.some(isRegex)) return
  into.oneOf.push(operand)
}

function addEquality(into: PathPredicates, value: unknown): void {
  if (isRegex(value)) addPrefix(into, value, undefined)
  else into.equals.push(value)
}

/** `$elemMatch` on documents narrows the paths below; on values it bounds one element. */
function addElements(paths: Map<string, PathPredicates>, path: string, operand: unknown): void {
  if (!isPlainObject(operand)) return
  if (isOperators(operand)) {
    const own: PathPredicates = { equals: [], oneOf: [] }
    for (const [operator, value] of Object.entries(operand) as [string, unknown][])
      addOperator(own, operator, value)
    mergeElement(at(paths, path), own)
    return
  }
  const below = new Map<string, PathPredicates>()
  collect(operand, below, [])
  for (const [name, found] of below) mergeElement(at(paths, `${path}.${name}`), found)
}

function mergeElement(into: PathPredicates, found: PathPredicates): void {
  into.equals.push(...found.equals.filter((value) => !Array.isArray(value) && value !== null))
  into.oneOf.push(...found.oneOf.filter((list) => list.every((value) => value !== null)))
  if (into.lower !== undefined || into.upper !== undefined) return
  if (found.lower !== undefined) into.lower = found.lower
  if (found.upper !== undefined) into.upper = found.upper
  into.isOneElement = true
}

function addPrefix(into: PathPredicates, pattern: unknown, options: unknown): void {
  const prefix = literalPrefix(pattern, options)
  if (prefix !== '') into.prefix ??= prefix
}

const QUANTIFIERS = new Set('*?{')
const SPECIAL = new Set('.*+?()[]{}$^')

/** The fixed text that an anchored pattern begins with, '' when there is none to rely on. */
function literalPrefix(pattern: unknown, options: unknown): string {
  const { source, flags } = patternParts(pattern)
  if (!source.startsWith('^') || source.includes('|')) return ''
  if (/[imx]/.test(typeof options === 'string' ? options : flags)) return ''
  let prefix = ''
  for (let index = 1; index < source.length; index += 1) {
    const character = source.charAt(index)
    if (QUANTIFIERS.has(character)) return Array.from(prefix).slice(0, -1).join('')
    if (SPECIAL.has(character)) return prefix
    if (character !== '\\') prefix += character
    else if (/[a-z0-9]/i.test(source.charAt(index + 1))) return prefix
    else prefix += source.charAt((index += 1))
  }
  return prefix
}

function patternParts(pattern: unknown): { source: string; flags: string } {
  if (pattern instanceof BSONRegExp) return { source: pattern.pattern, flags: pattern.options }
  if (pattern instanceof RegExp) return { source: pattern.source, flags: pattern.flags }
  return { source: typeof pattern === 'string' ? pattern : '', flags: '' }
}

/** Tells both regular expression types. */
export function isRegex(value: unknown): value is RegExp | BSONRegExp {
  return value instanceof BSONRegExp || value instanceof RegExp
}

/** Tells `{ $operator: … }` from an embedded document to be equal to. */
export function isOperators(value: unknown): value is Document {
  if (!isPlainObject(value)) return false
  const [first] = Object.keys(value)
  return first !== undefined && first.startsWith('$') && !['$ref', '$id', '$db'].includes(first)
}

/** Whether an index orders this value so that a comparison with it is one range of keys. */
export function isRangeable(value: unknown): boolean {
  if (value === null || value === undefined || Array.isArray(value)) return false
  return !(value instanceof MinKey || value instanceof MaxKey || isRegex(value))
}
