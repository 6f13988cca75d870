import { MongoError } from '../errors.js'
import { partsOf, type Modifier } from './modifiers.js'
import { eachPlace, isDynamic, Place, type Places } from './paths.js'
import type { ObjectNode } from './tree.js'
import { ArrayNode, opened } from './tree.js'

/** Compiles a `$rename`: what is at the source moves, and replaces what is at the target. */
export function compileRename(source: readonly string[], to: unknown): Modifier {
  const from = source.join('.')
  if (typeof to !== 'string')
    throw new MongoError(2, `The 'to' field for $rename must be a string: ${from}: ${String(to)}`)
  const target = partsOf(to)
  if (source.some(isDynamic))
    throw new MongoError(2, `The source field for $rename may not be dynamic: ${from}`)
  if (target.some(isDynamic))
    throw new MongoError(2, `The destination field for $rename may not be dynamic: ${to}`)
  if (from === to)
    throw new MongoError(2, `The source and target field for $rename must differ: ${from}`)
  return {
    parts: target,
    onInsert: false,
    run: (root, places) => {
      move(root, { source, target, places })
    },
  }
}

interface Move {
  readonly source: readonly string[]
  readonly target: readonly string[]
  readonly places: Places
}

function move(root: ObjectNode, { source, target, places }: Move): void {
  const from = placeOf(root, source)
  const value = from?.get()
  if (from === undefined || value === undefined) return
  refuseArrays(root, target)
  from.unset()
  eachPlace(root, { parts: target, creates: true, places }, (place) => {
    place.set(value)
  })
}

/** The place of a path that leads through objects only; those on the way stay open for the move. */
function placeOf(root: ObjectNode, parts: readonly string[]): Place | undefined {
  let node = root
  for (const part of parts.slice(0, -1)) {
    const found = node.get(part)
    const inner = opened(found)
    if (inner instanceof ArrayNode) throw arrayOnTheWay('source', parts)
    if (inner === undefined) return undefined
    if (inner !== found) node.set(part, inner)
    node = inner
  }
  return new Place(node, parts.at(-1) ?? '')
}

function refuseArrays(root: ObjectNode, parts: readonly string[]): void {
  let node: ObjectNode | undefined = root
  for (const part of parts.slice(0, -1)) {
    const inner: ObjectNode | ArrayNode | undefined = opened(node?.get(part))
    if (inner instanceof ArrayNode) throw arrayOnTheWay('destination', parts)
    node = inner
  }
}

function arrayOnTheWay(end: 'source' | 'destination', parts: readonly string[]): MongoError {
  return new MongoError(2, `The ${end} field cannot be an array element, '${parts.join('.')}'`)
}
