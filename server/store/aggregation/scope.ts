import type { Document } from 'bson'
import { decode } from '../bson/raw.js'
import { isPlainObject } from '../commands/schema.js'

/** What an expression is evaluated on: one document as it is stored, and variables. */
export class Scope {
  readonly raw: Buffer
  readonly variables: Readonly<Record<string, unknown>>
  #root: Document | undefined

  constructor(raw: Buffer, variables: Readonly<Record<string, unknown>>) {
    this.raw = raw
    this.variables = variables
  }

  /** The whole document, decoded once. */
  root(): Document {
    this.#root ??= decode(this.raw)
    return this.#root
  }

  /** The same document with more variables. */
  bind(variables: Readonly<Record<string, unknown>>): Scope {
    return new Scope(this.raw, { ...this.variables, ...variables })
  }

  /** Walks a path from a decoded value; arrays on the way are walked element by element. */
  follow(value: unknown, path: readonly string[], at = 0): unknown {
    const part = path[at]
    if (part === undefined) return value
    if (Array.isArray(value))
      return value
        .filter(isPlainObject)
        .map((element) => this.follow(element, path, at))
        .filter((found) => found !== undefined)
    return isPlainObject(value) && Object.hasOwn(value, part)
      ? this.follow(value[part], path, at + 1)
      : undefined
  }
}
