import { isPlainObject } from '../commands/schema.js'
import { MongoError } from '../errors.js'
import type { RawValue } from '../bson/raw.js'
import { compileFilter, type FilterOptions } from '../query/match.js'
import { wrapped } from './tree.js'

/** What `$[name]` means: the elements for which the filter of that name holds. */
export class ArrayFilters {
  readonly #filters = new Map<string, (raw: Buffer) => boolean>()
  readonly #unused = new Set<string>()

  constructor(filters: readonly unknown[], options: FilterOptions) {
    for (const filter of filters) {
      if (!isPlainObject(filter))
        throw new MongoError(14, 'each element of arrayFilters must be an object')
      const name = nameOf(filter)
      if (this.#filters.has(name))
        throw new MongoError(
          9,
          `Found multiple array filters with the same top-level field name ${name}`,
        )
      this.#filters.set(name, compileFilter(filter, options))
      this.#unused.add(name)
    }
  }

  /** Notes that a path uses the names in it; refuses those that no filter has. */
  use(path: string): void {
    for (const [, name = ''] of path.matchAll(/\$\[([^\]]*)\](?=\.|$)/g)) {
      if (name === '') continue
      if (!this.#filters.has(name))
        throw new MongoError(2, `No array filter found for identifier '${name}' in path '${path}'`)
      this.#unused.delete(name)
    }
  }

  /** Refuses filters that no path uses. */
  checkUsed(): void {
    const [name] = this.#unused
    if (name !== undefined)
      throw new MongoError(
        9,
        `The array filter for identifier '${name}' was not used in the update`,
      )
  }

  includes(name: string, element: RawValue): boolean {
    return this.#filters.get(name)?.(wrapped(name, element)) === true
  }
}

function nameOf(filter: Record<string, unknown>): string {
  const names = new Set<string>()
  collectNames(filter, names)
  const [name] = names
  if (name === undefined)
    throw new MongoError(
      9,
      'Cannot use an expression without a top-level field name in arrayFilters',
    )
  if (names.size > 1)
    throw new MongoError(
      9,
      `Error parsing array filter :: caused by :: Expected a single top-level field name, found ${[...names].map((one) => `'${one}'`).join(' and ')}`,
    )
  if (!/^[a-z][a-zA-Z0-9]*$/.test(name))
    throw new MongoError(
      2,
      `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${name}'`,
    )
  return name
}

function collectNames(filter: Record<string, unknown>, names: Set<string>): void {
  for (const [name, value] of Object.entries(filter)) {
    const isLogical = ['$and', '$or', '$nor'].includes(name) && Array.isArray(value)
    if (isLogical) for (const part of value.filter(isPlainObject)) collectNames(part, names)
    else names.add(name.split('.')[0] ?? name)
  }
}
