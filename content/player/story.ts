import type { Choice, Condition, Effect, Story, StoryNode } from './course.js'
import { letters } from './scoring.js'

export type Values = ReadonlyMap<string, number>

export interface Step {
  readonly node: StoryNode
  readonly choice?: Choice
  /** Values as they stood after the decision and its effects. */
  readonly values: Values
}

export interface Played {
  readonly node: StoryNode
  readonly values: Values
  /** Decisions so far, in order. */
  readonly steps: readonly Step[]
}

/** Plays a path again from the start: what was decided, where it led, what the variables are now. */
export function play({ nodes, variables }: Story, path: string): Played | undefined {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const bounds = new Map(variables.map((variable) => [variable.name, variable]))
  const apply = (values: Values, effects: readonly Effect[]): Values => {
    const next = new Map(values)
    for (const { variable, sign, value } of effects) {
      const { least = -Infinity, most = Infinity } = bounds.get(variable) ?? {}
      const before = next.get(variable) ?? 0
      const after = sign === '=' ? value : before + (sign === '+' ? value : -value)
      next.set(variable, Math.min(most, Math.max(least, after)))
    }
    return next
  }
  let [node] = nodes
  if (!node) return undefined
  let values = apply(new Map(variables.map(({ name, start }) => [name, start])), node.change)
  const steps: Step[] = []
  for (const letter of path) {
    const here: StoryNode = node
    const choice = here.choices[letters.indexOf(letter)]
    const to = choice?.to ?? here.routes.find(({ when }) => holds(when, values))?.to
    const next = byId.get(to ?? '')
    if (!next) break
    values = apply(values, choice?.effects ?? [])
    steps.push({ node: here, values, ...(choice ? { choice } : {}) })
    values = apply(values, next.change)
    node = next
  }
  return { node, values, steps }
}

/** Whether every condition is true of these values. */
export function holds(when: readonly Condition[], values: Values): boolean {
  return when.every(({ variable, is, value }) => {
    const actual = values.get(variable) ?? 0
    if (is === '<') return actual < value
    if (is === '<=') return actual <= value
    if (is === '>') return actual > value
    if (is === '>=') return actual >= value
    return is === '=' ? actual === value : actual !== value
  })
}
