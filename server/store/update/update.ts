import type { Document } from 'bson'
import { compareRaw } from '../bson/compare.js'
import {
  decodeValue,
  encode,
  findElement,
  rawField,
  valueSize,
  type RawValue,
} from '../bson/raw.js'
import { MongoError } from '../errors.js'
import { compileModifiers } from './modifiers.js'
import { compilePipeline } from './pipeline.js'

/** What an update is compiled with. */
export interface UpdateOptions {
  readonly arrayFilters?: readonly unknown[] | undefined
  /** Values of `let` and of constants, for expressions. */
  readonly variables?: Document | undefined
  readonly now: Date
  readonly collation?: Document | undefined
}

/** What is known of the document at hand. */
export interface Circumstances {
  /** The place of the array element that the query matched, for `$`. */
  readonly position?: number | undefined
  readonly isInsert?: boolean
}

/** An update, checked and ready for any number of documents. */
export interface CompiledUpdate {
  /** The whole document is replaced, its `_id` apart. */
  readonly isReplacement: boolean
  /** A path has `$` in it, so that the matched element must be known. */
  readonly isPositional: boolean
  /** The document after the update, as bytes; what is not changed is copied as it is. */
  apply(raw: Buffer, circumstances?: Circumstances): Buffer
}

/** Compiles operators, a replacement or a pipeline. */
export function compileUpdate(
  update: Document | unknown[],
  options: UpdateOptions,
): CompiledUpdate {
  const found = compileKind(update, options)
  return {
    ...found,
    apply: (raw, circumstances = {}) => {
      const after = found.apply(raw, circumstances)
      checkId(raw, after)
      return after
    },
  }
}

type Unchecked = Omit<CompiledUpdate, 'apply'> & {
  apply(raw: Buffer, circumstances: Circumstances): Buffer
}

function compileKind(update: Document | unknown[], options: UpdateOptions): Unchecked {
  if (Array.isArray(update)) {
    refuseArrayFilters(options)
    const apply = compilePipeline(update, options)
    return { isReplacement: false, isPositional: false, apply }
  }
  const [first = ''] = Object.keys(update)
  if (first.startsWith('$')) return compileModifiers(update, options)
  refuseArrayFilters(options)
  return { isReplacement: true, isPositional: false, apply: compileReplacement(update) }
}

function refuseArrayFilters({ arrayFilters = [] }: UpdateOptions): void {
  if (arrayFilters.length > 0)
    throw new MongoError(9, 'Cannot specify arrayFilters with a replacement or pipeline update')
}

function compileReplacement(update: Document): (raw: Buffer) => Buffer {
  for (const name of Object.keys(update))
    if (name.startsWith('$'))
      throw new MongoError(
        52,
        `The dollar ($) prefixed field '${name}' in '${name}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
      )
  const { _id, ...others } = update
  const own = _id === undefined ? undefined : encode({ _id }).subarray(4, -1)
  const rest = encode(others).subarray(4)
  return (raw) => {
    const id = own ?? idElement(raw)
    const length = Buffer.allocUnsafe(4)
    length.writeInt32LE(4 + id.length + rest.length)
    return Buffer.concat([length, id, rest])
  }
}

const ID = Buffer.from('_id')

function idElement(raw: Buffer): Buffer {
  const at = findElement(raw, 0, ID)
  if (at < 0) return Buffer.alloc(0)
  const offset = at + ID.length + 2
  return raw.subarray(at, offset + valueSize(raw, raw[at] ?? 0, offset))
}

/** A document keeps the `_id` that it was stored with. */
function checkId(before: Buffer, after: Buffer): void {
  const old = rawField(before, 0, '_id')
  if (old === undefined) return
  const now = rawField(after, 0, '_id')
  if (now === undefined || compareRaw(old, now) !== 0) throw immutable(now)
}

function immutable(now: RawValue | undefined): MongoError {
  const shown = now === undefined ? 'missing' : String(decodeValue(now))
  return new MongoError(
    66,
    `Performing an update on the path '_id' would modify the immutable field '_id': after applying the update it was found to have been altered to _id: ${shown}`,
  )
}
