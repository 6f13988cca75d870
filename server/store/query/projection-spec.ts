import type { Document } from 'bson'
import { compileExpression } from '../aggregation/expressions.js'
import { isPlainObject, numeric } from '../commands/schema.js'
import { MongoError } from '../errors.js'
import { compileElementTest, type FilterOptions } from './match.js'
import type { Test } from './path-walk.js'

/** What becomes of one field. */
export type Leaf =
  | { readonly kind: 'include' | 'exclude' | 'positional' }
  | { readonly kind: 'slice'; readonly skip: number; readonly limit: number }
  | { readonly kind: 'element'; readonly test: Test }
  | { readonly kind: 'computed'; readonly evaluate: (raw: Buffer) => unknown }

/** What becomes of the fields of a document and of those in it. */
export type Tree = Map<string, Leaf | Tree>

/** A projection, checked and taken apart. */
export interface ProjectionSpec {
  readonly tree: Tree
  /** Only what is named stays; otherwise only what is named goes. */
  readonly isInclusion: boolean
  readonly isPositional: boolean
  readonly isComputed: boolean
}

/** Takes a projection apart; what MongoDB refuses is refused. */
export function parseProjection(projection: Document, options: FilterOptions): ProjectionSpec {
  const parser = new Parser(options)
  parser.parse('', projection)
  return parser.result()
}

class Parser {
  readonly #options: FilterOptions
  readonly #tree: Tree = new Map()
  #mode: 'inclusion' | 'exclusion' | undefined
  #id: boolean | undefined
  #kinds = new Set<Leaf['kind']>()

  constructor(options: FilterOptions) {
    this.#options = options
  }

  result(): ProjectionSpec {
    const tree = this.#tree
    const isOnly = this.#id === true || this.#kinds.has('element')
    const isInclusion = (this.#mode ?? (isOnly ? 'inclusion' : 'exclusion')) === 'inclusion'
    if (isInclusion && this.#id !== false && !tree.has('_id')) tree.set('_id', { kind: 'include' })
    if (!isInclusion && this.#id === false) tree.set('_id', { kind: 'exclude' })
    const [isPositional, isComputed] = [this.#kinds.has('positional'), this.#kinds.has('computed')]
    return { tree, isInclusion, isPositional, isComputed }
  }

  parse(prefix: string, spec: Document): void {
    for (const [name, value] of Object.entries(spec) as [string, unknown][])
      this.#field(prefix + name, value)
  }

  #field(path: string, value: unknown): void {
    if (isFlag(value)) this.#flag(path, value === true || (value !== false && numeric(value) !== 0))
    else if (!isPlainObject(value)) this.#computed(path, value)
    else {
      const [operator] = Object.keys(value)
      if (operator === undefined)
        throw new MongoError(51270, `An empty sub-projection is not a valid value at ${path}`)
      if (operator.startsWith('$')) this.#operator(path, operator, value)
      else this.parse(`${path}.`, value)
    }
  }

  #flag(path: string, isOn: boolean): void {
    if (path === '_id') {
      this.#id = isOn
      return
    }
    if (path.endsWith('.$')) {
      this.#positional(path.slice(0, -2), isOn)
      return
    }
    this.#setMode(path, isOn ? 'inclusion' : 'exclusion')
    this.#put(path, { kind: isOn ? 'include' : 'exclude' })
  }

  #positional(path: string, isOn: boolean): void {
    if (!isOn || this.#mode === 'exclusion')
      throw new MongoError(31395, 'positional projection cannot be used with exclusion')
    if (this.#kinds.has('positional'))
      throw new MongoError(31276, 'Cannot specify more than one positional projection per query.')
    if (this.#kinds.has('element'))
      throw new MongoError(31255, 'Cannot specify positional operator and $elemMatch.')
    this.#mode = 'inclusion'
    this.#put(path, { kind: 'positional' })
  }

  #setMode(path: string, mode: 'inclusion' | 'exclusion'): void {
    this.#mode ??= mode
    if (this.#mode === mode) return
    const [code, verb] = mode === 'inclusion' ? [31253, 'inclusion'] : [31254, 'exclusion']
    throw new MongoError(code, `Cannot do ${verb} on field ${path} in ${this.#mode} projection`)
  }

  #operator(path: string, operator: string, value: Document): void {
    const operand: unknown = value[operator]
    if (operator === '$meta')
      throw new MongoError(
        40218,
        `query requires ${String(operand)} metadata, but it is not available`,
      )
    if (operator === '$elemMatch') this.#element(path, operand)
    else if (operator === '$slice' && isFindSlice(operand)) this.#put(path, sliceOf(operand))
    else this.#computed(path, value)
  }

  #element(path: string, operand: unknown): void {
    if (!isPlainObject(operand))
      throw new MongoError(31274, 'elemMatch: Invalid argument, object required')
    if (path.includes('.'))
      throw new MongoError(31275, 'Cannot use $elemMatch projection on a nested field.')
    if (this.#kinds.has('positional'))
      throw new MongoError(31255, 'Cannot specify positional operator and $elemMatch.')
    const test = compileElementTest(operand, this.#options)
    this.#put(path, { kind: 'element', test })
  }

  #computed(path: string, value: unknown): void {
    if (this.#mode === 'exclusion')
      throw new MongoError(31252, 'Cannot use expression other than $meta in exclusion projection')
    this.#mode = 'inclusion'
    const { variables, now = new Date() } = this.#options
    const evaluate = compileExpression(value, { NOW: now, ...variables })
    this.#put(path, { kind: 'computed', evaluate })
  }

  #put(path: string, leaf: Leaf): void {
    this.#kinds.add(leaf.kind)
    const parts = path.split('.')
    let tree = this.#tree
    for (const [at, part] of parts.entries()) {
      checkName(part, path)
      const found = tree.get(part)
      if (at === parts.length - 1) {
        if (found !== undefined) throw new MongoError(31250, `Path collision at ${path}`)
        tree.set(part, leaf)
      } else if (found === undefined || found instanceof Map) {
        const inner: Tree = found ?? new Map<string, Leaf | Tree>()
        tree.set(part, inner)
        tree = inner
      } else {
        const rest = parts.slice(at + 1).join('.')
        throw new MongoError(31249, `Path collision at ${path} remaining portion ${rest}`)
      }
    }
  }
}

function checkName(part: string, path: string): void {
  if (part === '')
    throw new MongoError(
      path === '' ? 40352 : path.endsWith('.') ? 40353 : 15998,
      'FieldPath field names may not be empty strings.',
    )
  if (part.startsWith('$') && !['$id', '$ref', '$db'].includes(part))
    throw new MongoError(
      16410,
      `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
    )
}

function isFlag(value: unknown): boolean {
  return typeof value === 'boolean' || !Number.isNaN(numeric(value))
}

/** A list that begins with something else is the expression of the same name. */
function isFindSlice(operand: unknown): boolean {
  if (!Array.isArray(operand)) return true
  return !Number.isNaN(numeric(operand[0]))
}

function sliceOf(operand: unknown): Leaf {
  const list: unknown[] = Array.isArray(operand) ? operand : [operand]
  const [first = Number.NaN, second] = list.map((value) => Math.trunc(numeric(value)))
  if (list.length > 2 || Number.isNaN(first))
    throw new MongoError(28667, 'Invalid $slice syntax: a number, or two of them, are expected')
  if (!Array.isArray(operand) || list.length === 1)
    return first < 0
      ? { kind: 'slice', skip: first, limit: -first }
      : { kind: 'slice', skip: 0, limit: first }
  if (second === undefined || Number.isNaN(second))
    throw new MongoError(28724, 'Invalid $slice syntax: the limit must be a number')
  if (second <= 0) throw new MongoError(28729, 'Invalid $slice syntax: the limit must be positive')
  return { kind: 'slice', skip: first, limit: second }
}
