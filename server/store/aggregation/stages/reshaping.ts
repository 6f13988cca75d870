import type { Document } from 'bson'
import { decode, encode } from '../../bson/raw.js'
import { isPlainObject, numeric } from '../../commands/schema.js'
import { MongoError } from '../../errors.js'
import { pathParts } from '../paths.js'
import { Scope } from '../scope.js'
import {
  compilerFor,
  expressionIn,
  objectOperand,
  perDocument,
  type StageCompiler,
  type StageContext,
} from '../stage.js'
import { typeOf } from '../values.js'
import { addFields, exclude, include, treeOf, type Leaf, type Tree } from '../field-tree.js'

/** Which fields a projection keeps or takes away, and which it calculates. */
export interface Shape {
  readonly tree: Tree
  readonly isExclusion: boolean
}

/** Reads a `$project`; throws where it both keeps and takes away. */
export function shapeOf(operand: unknown, variables: Document): Shape {
  const given = objectOperand(operand, 15969, '$project')
  if (Object.keys(given).length === 0)
    throw new MongoError(
      51272,
      'Invalid $project :: caused by :: projection specification must have at least one field',
    )
  const compiler = compilerFor(variables)
  const tree = treeOf(given, (value) => {
    const isFlag = typeof value === 'boolean' || !Number.isNaN(numeric(value))
    if (!isFlag) return { kind: 'computed', evaluate: compiler.compile(value) }
    return { kind: numeric(value) === 0 || value === false ? 'exclude' : 'include' }
  })
  return { tree, isExclusion: isExclusion(tree) }
}

function isExclusion(tree: Tree): boolean {
  const leaves = [...leavesOf(tree)].filter(({ path }) => path !== '_id')
  const excluded = leaves.find(({ leaf }) => leaf.kind === 'exclude')
  const kept = leaves.find(({ leaf }) => leaf.kind !== 'exclude')
  if (excluded === undefined || kept === undefined) {
    const [id] = leavesOf(tree)
    return excluded !== undefined || (kept === undefined && id?.leaf.kind === 'exclude')
  }
  const [first] = leaves
  const startsOut = first?.leaf.kind === 'exclude'
  throw startsOut
    ? new MongoError(
        31253,
        `Invalid $project :: caused by :: Cannot do inclusion on field ${kept.path} in exclusion projection`,
      )
    : new MongoError(
        31254,
        `Invalid $project :: caused by :: Cannot do exclusion on field ${excluded.path} in inclusion projection`,
      )
}

function* leavesOf(tree: Tree, prefix = ''): Generator<{ path: string; leaf: Leaf }> {
  for (const [name, node] of tree) {
    if (node instanceof Map) yield* leavesOf(node, `${prefix}${name}.`)
    else yield { path: `${prefix}${name}`, leaf: node }
  }
}

const project: StageCompiler = (operand, { variables }) => {
  const { tree, isExclusion: isOut } = shapeOf(operand, variables)
  const full =
    isOut || tree.has('_id')
      ? tree
      : new Map([['_id', { kind: 'include' }], ...tree] as [string, Leaf | Tree][])
  return perDocument((raw) => {
    const document = decode(raw)
    return encode(
      isOut ? exclude(document, full) : include(document, full, new Scope(raw, variables)),
    )
  })
}

const set: StageCompiler = (operand, { variables }, name) => {
  const given = objectOperand(operand, 40272, name)
  const compiler = compilerFor(variables)
  const tree = treeOf(given, (value) => ({ kind: 'computed', evaluate: compiler.compile(value) }))
  return perDocument((raw) => encode(addFields(decode(raw), tree, new Scope(raw, variables))))
}

const unset: StageCompiler = (operand) => {
  const paths: readonly unknown[] = Array.isArray(operand) ? operand : [operand]
  if (paths.length === 0)
    throw new MongoError(
      31119,
      '$unset specification must be a string or an array with at least one field',
    )
  const given = paths.map((path) => {
    if (typeof path !== 'string')
      throw new MongoError(
        Array.isArray(operand) ? 31120 : 31002,
        '$unset specification must be a string or an array of strings',
      )
    pathParts(path)
    return [path, 0] as const
  })
  const tree = treeOf(Object.fromEntries(given), () => ({ kind: 'exclude' }))
  return perDocument((raw) => encode(exclude(decode(raw), tree)))
}

function replaceBy(context: StageContext, expression: unknown): ReturnType<StageCompiler> {
  const evaluate = expressionIn(context, expression)
  return perDocument((raw) => {
    const root = evaluate(raw)
    if (isPlainObject(root)) return encode(root)
    throw new MongoError(
      40228,
      `PlanExecutor error during aggregation :: caused by :: 'newRoot' expression  must evaluate to an object, but resulting value was of type: ${typeOf(root)}`,
    )
  })
}

const replaceRoot: StageCompiler = (operand, context) => {
  const given = objectOperand(operand, 40229, '$replaceRoot')
  if (given['newRoot'] === undefined)
    throw new MongoError(40231, 'no newRoot specified for the $replaceRoot stage')
  return replaceBy(context, given['newRoot'])
}

/** Stages that change each document's fields. */
export const reshaping: Readonly<Record<string, StageCompiler>> = {
  $project: project,
  $addFields: set,
  $set: set,
  $unset: unset,
  $replaceRoot: replaceRoot,
  $replaceWith: (operand, context) => replaceBy(context, operand),
}
