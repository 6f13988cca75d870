import type { Document } from 'bson'
import { ARRAY, arrayElements, decode, rawField, valueSize, type RawValue } from '../../bson/raw.js'
import { isPlainObject, numeric } from '../../commands/schema.js'
import { MongoError } from '../../errors.js'
import { checkVariableName, fieldPath, pathParts } from '../paths.js'
import { Scope } from '../scope.js'
import { arrayOf, bytesOf, withField } from '../raw-fields.js'
import {
  checkOptions,
  collect,
  expressionIn,
  objectOperand,
  type Documents,
  type StageCompiler,
  type StageContext,
} from '../stage.js'
import { identityOf, isNullish } from '../values.js'

/** Values that one `$in` asks for at a time. */
const MOST_REMEMBERED = 10_000

const lookup: StageCompiler = (operand, context) => {
  const given = objectOperand(operand, 40319, '$lookup')
  const options = ['from', 'localField', 'foreignField', 'let', 'pipeline']
  checkOptions('$lookup', given, { required: ['as'], optional: options })
  const { from, localField, foreignField, pipeline } = given as Readonly<Record<string, unknown>>
  if (from !== undefined && typeof from !== 'string')
    throw new MongoError(9, '$lookup argument from must be a string')
  if ((localField === undefined) !== (foreignField === undefined))
    throw new MongoError(
      9,
      '$lookup requires both or neither of localField and foreignField to be specified',
    )
  if (localField === undefined && pipeline === undefined)
    throw new MongoError(
      9,
      "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
    )
  const as = pathParts(String(given['as']))
  const find = finder(given, context)
  return function* (source) {
    for (const raw of source) {
      if (raw === undefined) yield undefined
      else yield withField(raw, as, arrayOf(yield* collect(find(raw))))
    }
  }
}

/** What belongs to a document: by equal fields, by a pipeline of its own, or by both. */
function finder(given: Document, context: StageContext): (raw: Buffer) => Documents {
  const { from, localField, foreignField, let: variables = {}, pipeline = [] } = given
  const stages = pipeline as readonly Document[]
  const bind = binderOf(variables as Document, context)
  const isFree = Object.keys(variables as Document).length === 0
  const run = (filter: Document[], raw: Buffer): Documents =>
    context.run(from as string | undefined, [...filter, ...stages], bind(raw))
  if (localField === undefined) {
    if (!isFree) return (raw) => run([], raw)
    const all = remembered()
    return (raw) => all('', () => run([], raw))
  }
  const local = fieldPath(pathParts(String(localField)))
  const once = remembered()
  return (raw) => {
    const values = asList(local(new Scope(raw, {})))
    const filter = equalTo(String(foreignField), values)
    const search = (): Documents => run([{ $match: filter }], raw)
    return isFree ? once(values.map(identityOf).join('\n'), search) : search()
  }
}

/** Equal questions are asked of the store once. */
function remembered(): (key: string, search: () => Documents) => Documents {
  const answers = new Map<string, Buffer[]>()
  return function* (key, search) {
    const known = answers.get(key) ?? (yield* collect(search()))
    if (answers.size < MOST_REMEMBERED) answers.set(key, known)
    yield* known
  }
}

const asList = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : [value ?? null]

/** Null also finds what has no such field; regular expressions are compared as values. */
function equalTo(path: string, values: readonly unknown[]): Document {
  const [only] = values
  return { [path]: values.length === 1 ? { $eq: only } : { $in: values } }
}

function binderOf(given: Document, context: StageContext): (raw: Buffer) => Document {
  if (!isPlainObject(given)) throw new MongoError(9, '$lookup argument let must be an object')
  const values = Object.entries(given).map(([name, expression]: [string, unknown]) => {
    checkVariableName(name)
    return [name, expressionIn(context, expression)] as const
  })
  return (raw) => ({
    ...context.variables,
    ...(Object.fromEntries(values.map(([name, value]) => [name, value(raw)])) as Document),
  })
}

const unionWith: StageCompiler = (operand, context) => {
  const given =
    typeof operand === 'string' ? { coll: operand } : objectOperand(operand, 9, '$unionWith')
  checkOptions('$unionWith', given, { optional: ['coll', 'pipeline'] })
  const { coll, pipeline = [] } = given as { coll?: string; pipeline?: readonly Document[] }
  return function* (source) {
    yield* source
    yield* context.run(coll, pipeline, context.variables)
  }
}

const unwind: StageCompiler = (operand) => {
  const given =
    typeof operand === 'string' ? { path: operand } : objectOperand(operand, 15981, '$unwind')
  checkUnwind(given)
  const { path, includeArrayIndex, preserveNullAndEmptyArrays = false } = given as Document
  const parts = pathParts(String(path).slice(1))
  const index = includeArrayIndex === undefined ? undefined : pathParts(String(includeArrayIndex))
  const numbered = (raw: Buffer, at: number | null): Buffer =>
    index === undefined ? raw : withField(raw, index, bytesOf(at === null ? null : BigInt(at)))
  return function* (source) {
    for (const raw of source) {
      if (raw === undefined) yield undefined
      else
        for (const [document, at] of unwound(raw, parts, preserveNullAndEmptyArrays === true))
          yield numbered(document, at)
    }
  }
}

function checkUnwind(given: Document): void {
  const { path, includeArrayIndex: index, preserveNullAndEmptyArrays: keeps, ...others } = given
  const [unknown] = Object.keys(others)
  if (unknown !== undefined)
    throw new MongoError(28811, `unrecognized option to $unwind stage: ${unknown}`)
  if (path === undefined) throw new MongoError(28812, 'no path specified to $unwind stage')
  if (typeof path !== 'string')
    throw new MongoError(28808, 'expected a string as the path for $unwind stage')
  if (!path.startsWith('$'))
    throw new MongoError(
      28818,
      `path option to $unwind stage should be prefixed with a '$': ${path}`,
    )
  if (keeps !== undefined && typeof keeps !== 'boolean')
    throw new MongoError(
      28809,
      'expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage',
    )
  if (index === undefined) return
  if (typeof index !== 'string' || index === '')
    throw new MongoError(
      28810,
      'expected a non-empty string for the includeArrayIndex option to $unwind stage',
    )
  if (index.startsWith('$'))
    throw new MongoError(
      28822,
      `includeArrayIndex option to $unwind stage should not be prefixed with a '$': ${index}`,
    )
}

/** One document for each element of the array, with the element's place. */
function* unwound(
  raw: Buffer,
  parts: readonly string[],
  keepsEmpty: boolean,
): Generator<[Buffer, number | null]> {
  const value = fieldAt(raw, parts)
  if (value?.type !== ARRAY) {
    const isNothing = value === undefined || value.type === 10 || value.type === 6
    if (!isNothing || keepsEmpty) yield [raw, null]
    return
  }
  let at = 0
  for (const { buffer, type, offset } of arrayElements(value.buffer, value.offset)) {
    const bytes = buffer.subarray(offset, offset + valueSize(buffer, type, offset))
    yield [withField(raw, parts, { type, bytes }), at]
    at += 1
  }
  if (at === 0 && keepsEmpty) yield [withField(raw, parts, undefined), null]
}

function fieldAt(raw: Buffer, parts: readonly string[]): RawValue | undefined {
  let value: RawValue | undefined = { buffer: raw, type: 3, offset: 0 }
  for (const part of parts)
    value = value?.type === 3 ? rawField(value.buffer, value.offset, part) : undefined
  return value
}

const GRAPH = ['from', 'startWith', 'connectFromField', 'connectToField', 'as']

const graphLookup: StageCompiler = (operand, context) => {
  const given = objectOperand(operand, 9, '$graphLookup')
  checkOptions('$graphLookup', given, {
    required: GRAPH,
    optional: ['maxDepth', 'depthField', 'restrictSearchWithMatch'],
  })
  const as = pathParts(String(given['as']))
  const start = expressionIn(context, given['startWith'])
  return function* (source) {
    for (const raw of source) {
      if (raw === undefined) yield undefined
      else yield withField(raw, as, arrayOf(yield* connected(given, context, asList(start(raw)))))
    }
  }
}

/** All that can be reached, each document once, with the number of steps that led to it. */
function* connected(
  given: Document,
  context: StageContext,
  start: readonly unknown[],
): Generator<undefined, Buffer[]> {
  const { from, connectToField, maxDepth, depthField, restrictSearchWithMatch = {} } = given
  const next = fieldPath(pathParts(String(given['connectFromField'])))
  const most = maxDepth === undefined ? Infinity : numeric(maxDepth)
  const found = new Map<string, Buffer>()
  const asked = new Set<string>()
  let front: unknown[] = start.filter((value) => !isNullish(value))
  for (let depth = 0; front.length > 0 && depth <= most; depth += 1) {
    for (const value of front) asked.add(identityOf(value))
    const filter = {
      $and: [{ [String(connectToField)]: { $in: front } }, restrictSearchWithMatch as Document],
    }
    front = []
    for (const raw of context.run(String(from), [{ $match: filter }], context.variables)) {
      if (raw === undefined) {
        yield undefined
        continue
      }
      const key = identityOf(decode(raw)['_id'])
      if (found.has(key)) continue
      const reached =
        depthField === undefined
          ? raw
          : withField(raw, [String(depthField)], bytesOf(BigInt(depth)))
      found.set(key, reached)
      const values = asList(next(new Scope(raw, {})))
      front.push(...values.filter((value) => !isNullish(value) && !asked.has(identityOf(value))))
    }
  }
  return [...found.values()]
}

/** Stages that bring documents of other collections, or of arrays. */
export const joining: Readonly<Record<string, StageCompiler>> = {
  $lookup: lookup,
  $unionWith: unionWith,
  $unwind: unwind,
  $graphLookup: graphLookup,
}
