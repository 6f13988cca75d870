import type { Condition, Effect } from '../player/course.js'

export interface Expression {
  readonly effects: readonly Effect[]
  readonly when: readonly Condition[]
  /** What could not be read, as written. */
  readonly wrong: readonly string[]
}

const condition = /^([a-z][a-z0-9-]*?)\s*(<=|>=|!=|<|>|=)\s*(-?\d+(?:\.\d+)?)$/
const effect = /^([a-z][a-z0-9-]*?)\s*([+=-])\s*(\d+(?:\.\d+)?)$/

/** Reads `trust-5 backlog+20 if trust>=60 and announced=1`; either half may be absent. */
export function expressionOf(text: string): Expression {
  const [, changes = '', , conditions = ''] = /^(.*?)(\bif\b(.*))?$/s.exec(text.trim()) ?? []
  const when = conditionsOf(conditions)
  const done = effectsOf(changes)
  return { effects: done.effects, when: when.when, wrong: [...done.wrong, ...when.wrong] }
}

/** Reads `trust-5 backlog+20`. */
export function effectsOf(text: string): { effects: Effect[]; wrong: string[] } {
  const words = text.split(/[\s,]+/).filter(Boolean)
  const read = words.map((word) => effect.exec(word))
  return {
    effects: read.flatMap((found) => {
      const [, variable = '', sign = '+', value = '0'] = found ?? []
      return found ? [{ variable, sign: sign as Effect['sign'], value: Number(value) }] : []
    }),
    wrong: words.filter((_, at) => !read[at]),
  }
}

function conditionsOf(text: string): { when: Condition[]; wrong: string[] } {
  const words = text
    .split(/\band\b/)
    .map((each) => each.trim())
    .filter(Boolean)
  const read = words.map((word) => condition.exec(word))
  return {
    when: read.flatMap((found) => {
      const [, variable = '', is = '=', value = '0'] = found ?? []
      return found ? [{ variable, is: is as Condition['is'], value: Number(value) }] : []
    }),
    wrong: words.filter((_, at) => !read[at]),
  }
}
