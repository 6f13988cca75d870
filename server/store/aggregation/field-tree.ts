import type { Document } from 'bson'
import { isPlainObject } from '../commands/schema.js'
import { MongoError } from '../errors.js'
import type { Evaluate } from './expressions.js'
import { pathParts } from './paths.js'
import type { Scope } from './scope.js'

/** What happens to one field. */
export type Leaf =
  | { readonly kind: 'include' }
  | { readonly kind: 'exclude' }
  | { readonly kind: 'computed'; readonly evaluate: Evaluate }

/** What happens to the fields of a document and of those inside it, in the order they were named. */
export type Tree = Map<string, Leaf | Tree>

/** Makes a tree of dotted paths and nested documents; two that lie in each other's way are refused. */
export function treeOf(spec: Document, leafOf: (value: unknown) => Leaf): Tree {
  const tree: Tree = new Map()
  for (const [path, value] of Object.entries(spec) as [string, unknown][])
    place(
      tree,
      { path, parts: pathParts(path) },
      isNested(value) ? treeOf(value, leafOf) : leafOf(value),
    )
  return tree
}

const isNested = (value: unknown): value is Document =>
  isPlainObject(value) &&
  Object.keys(value).length > 0 &&
  !Object.keys(value).some((key) => key.startsWith('$'))

function place(
  tree: Tree,
  { path, parts }: { path: string; parts: readonly string[] },
  leaf: Leaf | Tree,
): void {
  const [name = '', ...rest] = parts
  const there = tree.get(name)
  const collides =
    there !== undefined && !(there instanceof Map && (rest.length > 0 || leaf instanceof Map))
  if (collides)
    throw new MongoError(31249, `Invalid $project :: caused by :: Path collision at ${path}`)
  if (rest.length > 0) {
    const inner: Tree = there instanceof Map ? there : new Map()
    tree.set(name, inner)
    place(inner, { path, parts: rest }, leaf)
  } else if (there instanceof Map && leaf instanceof Map)
    for (const [key, one] of leaf) place(there, { path: `${path}.${key}`, parts: [key] }, one)
  else tree.set(name, leaf)
}

/** Keeps only the fields named, in the document's order, and adds those that are calculated. */
export function include(document: Document, tree: Tree, scope: Scope): Document {
  const result: Document = {}
  for (const [name, value] of Object.entries(document) as [string, unknown][]) {
    const node = tree.get(name)
    if (node instanceof Map) {
      const kept = includeIn(value, node, scope)
      if (kept !== undefined) result[name] = kept
    } else if (node?.kind === 'include') result[name] = value
  }
  return addComputed(result, tree, scope)
}

function includeIn(value: unknown, tree: Tree, scope: Scope): unknown {
  if (Array.isArray(value))
    return value.map((one) => includeIn(one, tree, scope)).filter((one) => one !== undefined)
  return isPlainObject(value) ? include(value, tree, scope) : undefined
}

/** Adds calculated fields, and the documents around them where those were not there. */
function addComputed(result: Document, tree: Tree, scope: Scope): Document {
  for (const [name, node] of tree) {
    if (node instanceof Map) {
      const isNew = !Object.hasOwn(result, name) && hasComputed(node)
      if (isNew) result[name] = addComputed({}, node, scope)
    } else if (node.kind === 'computed') {
      const value = node.evaluate(scope)
      if (value !== undefined) result[name] = value
    }
  }
  return result
}

const hasComputed = (tree: Tree): boolean =>
  [...tree.values()].some((node) =>
    node instanceof Map ? hasComputed(node) : node.kind === 'computed',
  )

/** The document without the fields named; arrays on the way are walked element by element. */
export function exclude(document: Document, tree: Tree): Document {
  const entries = Object.entries(document) as [string, unknown][]
  const kept = entries.flatMap(([name, value]): [string, unknown][] => {
    const node = tree.get(name)
    if (node instanceof Map) return [[name, excludeIn(value, node)]]
    return node?.kind === 'exclude' ? [] : [[name, value]]
  })
  return Object.fromEntries(kept)
}

function excludeIn(value: unknown, tree: Tree): unknown {
  if (Array.isArray(value)) return value.map((one) => excludeIn(one, tree))
  return isPlainObject(value) ? exclude(value, tree) : value
}

/** Sets calculated fields where they are or at the end; what evaluates to missing is taken away. */
export function addFields(document: Document, tree: Tree, scope: Scope): Document {
  const result: Document = { ...document }
  for (const [name, node] of tree) {
    const value: unknown =
      node instanceof Map
        ? addFieldsIn(result[name], node, scope)
        : node.kind === 'computed'
          ? node.evaluate(scope)
          : result[name]
    if (value === undefined) Reflect.deleteProperty(result, name)
    else result[name] = value
  }
  return result
}

function addFieldsIn(value: unknown, tree: Tree, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((one) => addFieldsIn(one, tree, scope))
  return addFields(isPlainObject(value) ? value : {}, tree, scope)
}
