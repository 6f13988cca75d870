import type { Document } from 'bson'
import { isPlainObject } from '../commands/schema.js'
import { MongoError } from '../errors.js'
import { checkVariableName, fieldPath, pathParts } from './paths.js'
import { Scope } from './scope.js'
import { operatorOf } from './operators.js'
import { constant } from './values.js'

export { Scope } from './scope.js'

/** A compiled expression; `undefined` is what MongoDB calls missing. */
export type Evaluate = (scope: Scope) => unknown

/** Variables that every expression knows. */
const SYSTEM = new Set(['ROOT', 'CURRENT', 'REMOVE', 'NOW'])

const NO_DOCUMENT = Buffer.from([5, 0, 0, 0, 0])

/** Compiles an expression for documents as they are stored; `variables` are those of `let`. */
export function compileExpression(
  expression: unknown,
  variables: Document = {},
): (raw: Buffer) => unknown {
  const evaluate = new Compiler(Object.keys(variables)).compile(expression)
  return (raw) => evaluate(new Scope(raw, variables))
}

/** The values of a command's `let`, each evaluated once, and `NOW`. */
export function evaluateVariables(given: Document, now: Date): Document {
  const values: Document = { NOW: now }
  for (const [name, expression] of Object.entries(given) as [string, unknown][]) {
    checkVariableName(name)
    values[name] = compileExpression(expression, values)(NO_DOCUMENT)
  }
  return values
}

/** Compiles expressions where certain variables are known. */
export class Compiler {
  readonly #variables: ReadonlySet<string>

  constructor(variables: Iterable<string>) {
    this.#variables = new Set(variables)
  }

  /** A compiler that knows more variables, as inside `$let` or `$map`. */
  with(more: readonly string[]): Compiler {
    return new Compiler([...this.#variables, ...more])
  }

  /** Compiles a path, a variable, an operator, a list, an object or a constant. */
  compile(expression: unknown): Evaluate {
    if (typeof expression === 'string') return this.#text(expression)
    if (Array.isArray(expression)) return this.#list(expression)
    if (isPlainObject(expression)) return this.#object(expression)
    const value = constant(expression)
    return () => value
  }

  #text(text: string): Evaluate {
    if (text.startsWith('$$')) return this.#variable(text.slice(2))
    if (text.startsWith('$')) return fieldPath(pathParts(text.slice(1)))
    return () => text
  }

  #variable(text: string): Evaluate {
    const [name = '', ...path] = pathParts(text)
    this.#checkKnown(name)
    const isRoot = name === 'ROOT' || name === 'CURRENT'
    if (isRoot && path.length > 0) return fieldPath(path)
    const value = variableOf(name)
    return path.length === 0 ? value : (scope) => scope.follow(value(scope), path)
  }

  #checkKnown(name: string): void {
    if (name === 'CLUSTER_TIME' || name === 'USER_ROLES')
      throw new MongoError(51144, `Builtin variable '$$${name}' is not available`)
    if (SYSTEM.has(name) || this.#variables.has(name)) return
    throw new MongoError(17276, `Use of undefined variable: ${name}`)
  }

  #list(list: readonly unknown[]): Evaluate {
    const parts = list.map((part) => this.compile(part))
    return (scope) => parts.map((part) => part(scope) ?? null)
  }

  #object(object: Document): Evaluate {
    const keys = Object.keys(object)
    const operator = keys.find((key) => key.startsWith('$'))
    if (operator === undefined) return this.#fields(object)
    if (keys.length > 1)
      throw new MongoError(
        15983,
        `an object representing an expression must have exactly one field: ${keys.join(', ')}`,
      )
    return operatorOf(operator)(object[operator], this)
  }

  #fields(object: Document): Evaluate {
    const fields = Object.entries(object).map(([name, part]) => {
      if (name.includes('.'))
        throw new MongoError(16405, 'dotted field names are only allowed at the top level')
      return [name, this.compile(part)] as const
    })
    return (scope) => {
      const values = fields.map(([name, evaluate]) => [name, evaluate(scope)] as const)
      return Object.fromEntries(values.filter(([, value]) => value !== undefined))
    }
  }
}

function variableOf(name: string): Evaluate {
  if (name === 'ROOT' || name === 'CURRENT') return (scope) => scope.root()
  return name === 'REMOVE' ? () => undefined : (scope) => scope.variables[name]
}
