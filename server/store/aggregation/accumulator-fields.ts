import type { Document } from 'bson'
import { isPlainObject } from '../commands/schema.js'
import { MongoError } from '../errors.js'
import {
  countOf,
  percentiles,
  severalAccumulators,
  simpleAccumulators,
  type Accumulator,
} from './accumulators.js'
import type { Compiler, Evaluate } from './expressions.js'
import { fieldsOf } from './operators/pure.js'
import { percentileOptions } from './percentile.js'
import { Scope } from './scope.js'
import { sortComparison } from './sorting.js'

/** One accumulator of a stage: what it takes of a document, and how it begins in a group. */
export interface AccumulatorField {
  readonly operator: string
  value(scope: Scope): unknown
  start(variables: Document): Accumulator
}

const NO_DOCUMENT = Buffer.from([5, 0, 0, 0, 0])

/** Compiles `{ $sum: … }` and its like; throws MongoDB's errors for what is none. */
export function accumulatorOf(name: string, spec: unknown, compiler: Compiler): AccumulatorField {
  if (!isPlainObject(spec))
    throw new MongoError(40234, `The field '${name}' must be an accumulator object`)
  const [operator, ...others] = Object.keys(spec)
  if (operator === undefined || others.length > 0)
    throw new MongoError(40238, `The field '${name}' must specify one accumulator`)
  return fieldOf(operator, spec[operator], compiler)
}

/** Compiles an accumulator by its name. */
export function fieldOf(operator: string, operand: unknown, compiler: Compiler): AccumulatorField {
  const simple = simpleAccumulators[operator]
  if (simple !== undefined)
    return { operator, value: simpleValue(operator, operand, compiler), start: simple }
  const several = severalAccumulators[operator]
  if (several !== undefined) {
    const { n, input } = fieldsOf(operator, operand, { required: ['n', 'input'] })
    const count = compiler.compile(n)
    const start = (variables: Document): Accumulator =>
      several(countOf(constantOf(count, variables), operator))
    return { operator, value: compiler.compile(input), start }
  }
  if (operator in TOPS) return topField(operator, operand, compiler)
  if (operator === '$percentile' || operator === '$median') {
    const options = percentileOptions(operator, operand)
    const input = compiler.compile((operand as Document)['input'])
    return { operator, value: input, start: () => percentiles(options) }
  }
  if (operator === '$accumulator')
    throw new MongoError(115, '$accumulator is not supported by this store')
  throw new MongoError(15952, `unknown group operator '${operator}'`)
}

const constantOf = (value: Evaluate, variables: Document): unknown =>
  value(new Scope(NO_DOCUMENT, variables))

function simpleValue(operator: string, operand: unknown, compiler: Compiler): Evaluate {
  if (operator === '$count') {
    if (!isPlainObject(operand) || Object.keys(operand).length > 0)
      throw new MongoError(14, '$count takes no arguments, i.e. $count:{}')
    return () => true
  }
  if (Array.isArray(operand) && operand.length !== 1)
    throw new MongoError(40237, `The ${operator} accumulator is a unary operator`)
  return compiler.compile(Array.isArray(operand) ? operand[0] : operand)
}

const TOPS: Readonly<Record<string, { readonly sign: number; readonly several: boolean }>> = {
  $top: { sign: 1, several: false },
  $bottom: { sign: -1, several: false },
  $topN: { sign: 1, several: true },
  $bottomN: { sign: -1, several: true },
}

interface Ranked {
  readonly root: Document
  readonly output: unknown
}

function topField(operator: string, operand: unknown, compiler: Compiler): AccumulatorField {
  const { sign = 1, several = false } = TOPS[operator] ?? {}
  const required = several ? ['n', 'sortBy', 'output'] : ['sortBy', 'output']
  const given = fieldsOf(operator, operand, { required })
  const compare = sortComparison(given['sortBy'])
  const output = compiler.compile(given['output'])
  const count = compiler.compile(given['n'] ?? 1)
  return {
    operator,
    value: (scope): Ranked => ({ root: scope.root(), output: output(scope) ?? null }),
    start: (variables) => {
      const n = countOf(constantOf(count, variables), operator)
      return new Top({ compare, n, sign, several })
    },
  }
}

interface TopOptions {
  readonly compare: (a: unknown, b: unknown) => number
  readonly n: number
  readonly sign: number
  readonly several: boolean
}

class Top implements Accumulator {
  readonly #options: TopOptions
  readonly #found: Ranked[] = []

  constructor(options: TopOptions) {
    this.#options = options
  }

  add(value: unknown): void {
    this.#found.push(value as Ranked)
  }

  result(): unknown {
    const { compare, n, sign, several } = this.#options
    const sorted = this.#found.toSorted((a, b) => compare(a.root, b.root))
    const chosen = sign > 0 ? sorted.slice(0, n) : sorted.slice(-n)
    const outputs = chosen.map(({ output }) => output)
    return several ? outputs : (outputs[0] ?? null)
  }
}
