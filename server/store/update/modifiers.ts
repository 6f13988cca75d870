import type { Document } from 'bson'
import { MongoError } from '../errors.js'
import { collatorOf } from '../query/collation.js'
import { ArrayFilters } from './array-filters.js'
import type { Comparing } from './arrays.js'
import { comparePaths, Conflicts } from './conflicts.js'
import {
  compileOperator,
  isOperator,
  operandsOf,
  unknownModifier,
  type Change,
} from './operators.js'
import { eachPlace, isDynamic, type Places } from './paths.js'
import { compileRename } from './rename.js'
import { documentBytes, ObjectNode } from './tree.js'
import type { Circumstances, CompiledUpdate, UpdateOptions } from './update.js'

/** One operator on one path. */
export interface Modifier {
  readonly parts: readonly string[]
  readonly onInsert: boolean
  readonly run: (root: ObjectNode, places: Places) => void
}

/** Compiles an update of operators. */
export function compileModifiers(
  update: Document,
  options: UpdateOptions,
): Omit<CompiledUpdate, 'apply'> & {
  apply(raw: Buffer, circumstances: Circumstances): Buffer
} {
  const filters = new ArrayFilters(options.arrayFilters ?? [], options)
  const modifiers = collect(update, filters, options)
  filters.checkUsed()
  modifiers.sort((a, b) => comparePaths(a.parts, b.parts))
  const includes: Places['includes'] = (name, element) => filters.includes(name, element)
  return {
    isReplacement: false,
    isPositional: modifiers.some(({ parts }) => parts.includes('$')),
    apply: (raw, { position, isInsert = false }) => {
      const root = ObjectNode.open(raw, 0)
      for (const modifier of modifiers)
        if (isInsert || !modifier.onInsert) modifier.run(root, { position, includes })
      return documentBytes(root)
    },
  }
}

function collect(update: Document, filters: ArrayFilters, options: UpdateOptions): Modifier[] {
  const { collation, variables, now } = options
  const comparing: Comparing = { collation, variables, now, collator: collatorOf(collation) }
  const conflicts = new Conflicts()
  const modifiers: Modifier[] = []
  for (const [operator, spec] of Object.entries(update) as [string, unknown][]) {
    if (operator !== '$rename' && !isOperator(operator)) throw unknownModifier(operator)
    for (const [path, value] of operandsOf(operator, spec)) {
      const parts = partsOf(path)
      filters.use(path)
      conflicts.add(path)
      if (operator === '$rename') {
        const rename = compileRename(parts, value)
        conflicts.add(rename.parts.join('.'))
        modifiers.push(rename)
      } else {
        modifiers.push(
          modifierOf(parts, compileOperator(operator, { path, value, now, comparing })),
        )
      }
    }
  }
  return modifiers
}

function modifierOf(
  parts: readonly string[],
  { run, creates, onInsert = false }: Change,
): Modifier {
  return {
    parts,
    onInsert,
    run: (root, places) => {
      eachPlace(root, { parts, creates, places }, run)
    },
  }
}

/** Takes a path of an update apart; refuses what is no path. */
export function partsOf(path: string): string[] {
  const parts = path.split('.')
  if (path === '') throw new MongoError(56, 'An empty update path is not valid.')
  if (parts.includes(''))
    throw new MongoError(
      56,
      `The update path '${path}' contains an empty field name, which is not allowed.`,
    )
  const [first = ''] = parts
  if (isDynamic(first))
    throw new MongoError(
      2,
      `Cannot have positional (i.e. '$') element in the first position in path '${path}'`,
    )
  if (parts.filter((part) => part === '$').length > 1)
    throw new MongoError(2, `Too many positional (i.e. '$') elements found in path '${path}'`)
  return parts
}
