import type { Document } from 'bson'
import { isPlainObject } from '../commands/schema.js'
import { MongoError } from '../errors.js'
import { isSliceOver } from '../slices.js'
import { Compiler } from './expressions.js'
import { Scope } from './scope.js'

/** Documents on their way through a pipeline; `undefined` is a pause, in which others may run. */
export type Documents = Iterable<Buffer | undefined>

/** One stage at work: takes documents, gives documents. */
export type Stage = (source: Documents) => Documents

/** What stages may ask of the store. */
export interface StageContext {
  readonly database: string
  /** The collection a pipeline reads; none for a pipeline over the database. */
  readonly collection: string | undefined
  readonly collation?: Document | undefined
  /** Values of `let`, and `NOW`. */
  readonly variables: Document
  /** Runs a pipeline over a collection of the same database; nothing is found in one that is not there. */
  run(collection: string | undefined, stages: readonly Document[], variables: Document): Documents
  /** Statistics that `$collStats` and `$indexStats` show. */
  statistics(stage: string, options: Document): readonly Document[]
}

/** Compiles a stage from its operand. */
export type StageCompiler = (operand: unknown, context: StageContext, name: string) => Stage

/** Compiles an expression of a stage to a function of the stored document. */
export function expressionIn(
  { variables }: Pick<StageContext, 'variables'>,
  expression: unknown,
): (raw: Buffer) => unknown {
  const evaluate = compilerFor(variables).compile(expression)
  return (raw) => evaluate(new Scope(raw, variables))
}

/** A compiler that knows the pipeline's variables. */
export const compilerFor = (variables: Document): Compiler => new Compiler(Object.keys(variables))

/** Changes each document alone; pauses pass through. */
export function perDocument(change: (raw: Buffer) => Buffer): Stage {
  return function* (source) {
    for (const raw of source) yield raw === undefined ? undefined : change(raw)
  }
}

/** Documents between two looks at the clock. */
const DOCUMENTS_PER_LOOK = 16

/** Passes documents on, with pauses of its own where a stage makes many of few, or gives what it collected. */
export function* paced(source: Documents): Generator<Buffer | undefined, void> {
  let seen = 0
  for (const raw of source) {
    seen += 1
    if (seen % DOCUMENTS_PER_LOOK === 0 && isSliceOver()) yield undefined
    yield raw
  }
}

/** All documents of a source, pauses passed on. */
export function* collect(source: Documents): Generator<undefined, Buffer[]> {
  const found: Buffer[] = []
  for (const raw of source) {
    if (raw === undefined) yield undefined
    else found.push(raw)
  }
  return found
}

/** The document that a stage's operand must be. */
export function objectOperand(operand: unknown, code: number, name: string): Document {
  if (isPlainObject(operand)) return operand
  throw new MongoError(code, `the ${name} stage specification must be an object`)
}

/** Refuses options that a stage does not have, and misses those it must have. */
export function checkOptions(
  name: string,
  given: Document,
  { required = [], optional = [] }: { required?: readonly string[]; optional?: readonly string[] },
): void {
  const unknown = Object.keys(given).find(
    (key) => !required.includes(key) && !optional.includes(key),
  )
  if (unknown !== undefined)
    throw new MongoError(40415, `BSON field '${name}.${unknown}' is an unknown field.`)
  const missing = required.find((key) => given[key] === undefined)
  if (missing !== undefined)
    throw new MongoError(40414, `BSON field '${name}.${missing}' is missing but a required field`)
}
