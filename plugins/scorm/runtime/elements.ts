import type { Standard } from '../contract.js'
import type { ElementRule } from './checks.js'
import { elements12 } from './elements12.js'
import { elements2004 } from './elements2004.js'

/** Run-time data of one item, flat: `core.lesson_status` → `passed`. Without the leading `cmi.`. */
export type Elements = ReadonlyMap<string, string>

/** Interactions, objectives and comments of one item; more is refused. */
export const mostEntries = 2000
/** Patterns and objectives of one interaction. */
const mostInner = 250
const deepest = 8
const mostValues = 60_000
const mostProblems = 50

export interface ElementProblem {
  readonly path: string
  readonly code: string
}

export interface CheckedElements {
  /** What may be stored. */
  readonly values: Elements
  /** Well-formed but not the content's to write. */
  readonly ignored: readonly string[]
  readonly problems: readonly ElementProblem[]
}

const tables: Readonly<Record<Standard, ReadonlyMap<string, ElementRule>>> = {
  '1.2': elements12,
  '2004': elements2004,
}

/**
 * Checks what content sent against its standard's elements: names, types, vocabularies, ranges, sizes.
 * Takes a tree, dotted names or both; looks at own properties only, and never deeper than eight levels.
 */
export function checkElements(standard: Standard, delta: unknown): CheckedElements {
  const values = new Map<string, string>()
  const ignored: string[] = []
  const problems: ElementProblem[] = []
  let seen = 0

  const refuse = (path: string, code: string): void => {
    if (problems.length < mostProblems) problems.push({ path: path.slice(0, 200), code })
  }
  const take = (path: string, value: unknown): void => {
    seen += 1
    if (seen > mostValues) return seen === mostValues + 1 ? refuse(path, 'too-many') : undefined
    const rule = tables[standard].get(templateOf(path))
    if (!rule) return refuse(path, 'unknown-element')
    if (typeof value !== 'string') return refuse(path, 'not-a-string')
    if (rule.access === 'read') return void ignored.push(path)
    if (tooFar(path)) return refuse(path, 'too-many')
    if (!rule.check(value)) return refuse(path, 'wrong-value')
    values.set(path, value)
  }
  const walk = (node: unknown, path: string, depth: number): void => {
    if (depth > deepest) return refuse(path, 'too-deep')
    if (typeof node !== 'object' || node === null) return take(path, node)
    for (const [key, inner] of Object.entries(node)) {
      walk(inner, path ? `${path}.${key}` : withoutPrefix(key), depth + 1)
    }
  }
  walk(delta, '', 0)
  return { values, ignored, problems }
}

/** Entries of a list must follow one another: an index past the end of what is known is refused. */
export function gapsIn(state: Elements, values: Elements): ElementProblem[] {
  const known = new Set<string>()
  const remember = (path: string): void => {
    for (const entry of entriesOf(path)) known.add(entry)
  }
  for (const path of state.keys()) remember(path)
  for (const path of values.keys()) remember(path)
  return [...values.keys()]
    .filter((path) => entriesOf(path).some((entry) => !followsOn(entry, known)))
    .slice(0, mostProblems)
    .map((path) => ({ path, code: 'gap-in-list' }))
}

/** The elements as a tree, lists as arrays: the form scorm-again reads and JSON shows. */
export function toTree(elements: Elements): Record<string, unknown> {
  const root: Record<string, unknown> = {}
  for (const [path, value] of elements) {
    const keys = path.split('.')
    const last = keys.pop() ?? ''
    let node = root
    keys.forEach((key, at) => {
      const next = keys[at + 1] ?? last
      node = (node[key] ??= /^\d+$/.test(next) ? [] : {}) as Record<string, unknown>
    })
    node[last] = value
  }
  return root
}

/** How the elements are kept: one text, since nothing is ever looked up inside. Order is kept: ids come first. */
export const serialise = (elements: Elements): string => JSON.stringify([...elements])

export const parse = (stored: string | undefined): Elements =>
  new Map(JSON.parse(stored ?? '[]') as [string, string][])

/** Later values win; what was never sent again stays. */
export const merge = (state: Elements, values: Elements): Elements => new Map([...state, ...values])

export const templateOf = (path: string): string => path.replace(/\.(?:0|[1-9]\d*)(?=\.)/g, '.n')

const withoutPrefix = (key: string): string => key.replace(/^cmi(\.|$)/, '')

const tooFar = (path: string): boolean => {
  const [outer, inner] = path.match(/\d+(?=\.)/g) ?? []
  return Number(outer ?? 0) >= mostEntries || Number(inner ?? 0) >= mostInner
}

/** `interactions.3.objectives.1.id` → `interactions.3`, `interactions.3.objectives.1`. */
const entriesOf = (path: string): string[] =>
  [...path.matchAll(/\.\d+(?=\.)/g)].map(({ index, 0: digits }) =>
    path.slice(0, index + digits.length),
  )

function followsOn(entry: string, known: ReadonlySet<string>): boolean {
  const dot = entry.lastIndexOf('.')
  const index = Number(entry.slice(dot + 1))
  return index === 0 || known.has(`${entry.slice(0, dot)}.${index - 1}`)
}
