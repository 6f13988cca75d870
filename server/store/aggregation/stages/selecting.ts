import type { Document } from 'bson'
import { isPlainObject, numeric } from '../../commands/schema.js'
import { MongoError } from '../../errors.js'
import { compileFilter } from '../../query/match.js'
import { planSort, sortRows, type Sortable } from '../../query/sort.js'
import { collect, objectOperand, type Documents, type Stage, type StageCompiler } from '../stage.js'

const match: StageCompiler = (operand, { collation, variables }) => {
  const matches = compileFilter(filterOperand(operand), { collation, variables })
  return function* (source) {
    for (const raw of source) if (raw === undefined || matches(raw)) yield raw
  }
}

/** The filter of a `$match`. */
export function filterOperand(operand: unknown): Document {
  if (isPlainObject(operand)) return operand
  throw new MongoError(15959, 'the match filter must be an expression in an object')
}

/** The number of a `$limit` or a `$skip`. */
export function sizeOperand(operand: unknown, name: string): number {
  const size = numeric(operand)
  const isWrong = !Number.isInteger(size) || size < 0
  if (isWrong)
    throw new MongoError(
      name === '$limit' ? 2107201 : 5107200,
      `invalid argument to ${name} stage: Expected a non-negative number in: ${name}: ${String(operand)}`,
    )
  if (name === '$limit' && size === 0) throw new MongoError(15958, 'the limit must be positive')
  return size
}

const limit: StageCompiler = (operand, _, name) => {
  const most = sizeOperand(operand, name)
  return function* (source) {
    let count = 0
    for (const raw of source) {
      yield raw
      if (raw !== undefined) count += 1
      if (count >= most) return
    }
  }
}

const skip: StageCompiler = (operand, _, name) => {
  const first = sizeOperand(operand, name)
  return function* (source) {
    let count = 0
    for (const raw of source) {
      if (raw !== undefined) count += 1
      if (raw === undefined || count > first) yield raw
    }
  }
}

/** Sorts; with a limit few more documents are kept than the first so many. */
export function sortStage(
  operand: unknown,
  collation: Document | undefined,
  most = Infinity,
): Stage {
  const plan = planSort(sortOperand(operand), { collation })
  return function* (source: Documents) {
    for (const row of sortRows(rowsOf(source), plan, most)) yield row?.raw
  }
}

function* rowsOf(source: Documents): Generator<Sortable | undefined, void> {
  for (const raw of source) yield raw === undefined ? undefined : { raw }
}

/** The fields and directions of a `$sort`. */
export function sortOperand(operand: unknown): Document {
  const given = objectOperand(operand, 15973, '$sort')
  const entries = Object.entries(given) as [string, unknown][]
  if (entries.length === 0)
    throw new MongoError(15976, '$sort stage must have at least one sort key')
  for (const [, way] of entries)
    if (!isPlainObject(way) && Math.abs(numeric(way)) !== 1)
      throw new MongoError(
        15975,
        '$sort key ordering must be 1 (for ascending) or -1 (for descending)',
      )
  return given
}

/** A random choice, each document as likely as any other. */
const sample: StageCompiler = (operand) => {
  const given = objectOperand(operand, 28745, '$sample')
  const size = numeric(given['size'])
  if (Number.isNaN(size)) throw new MongoError(28746, 'size argument to $sample must be a number')
  if (size < 1) throw new MongoError(28747, 'size argument to $sample must be a positive integer')
  return function* (source) {
    const found = yield* collect(source)
    for (let at = 0; at < Math.min(size, found.length); at += 1) {
      const other = at + Math.floor(Math.random() * (found.length - at))
      const [chosen, replaced] = [found[other], found[at]]
      if (chosen === undefined || replaced === undefined) return
      found[other] = replaced
      yield chosen
    }
  }
}

/** Stages that let documents through, or not, and order them. */
export const selecting: Readonly<Record<string, StageCompiler>> = {
  $match: match,
  $limit: limit,
  $skip: skip,
  $sort: (operand, { collation }) => sortStage(operand, collation),
  $sample: sample,
}
