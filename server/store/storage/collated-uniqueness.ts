import { compareRaw, type Collator } from '../bson/compare.js'
import { NULL, valueSize, type RawValue } from '../bson/raw.js'
import type { Tuple } from '../bson/tuples.js'
import type { Collection } from './catalog.js'
import { entries, idRange, type Environment } from './environment.js'
import { recordIdOf, type Index } from './index-keys.js'
import { tuplesIn } from './key-extraction.js'

interface Owned {
  readonly tuple: Tuple
  readonly id: number
}

const NOTHING: RawValue = { buffer: Buffer.alloc(0), type: NULL, offset: 0 }

/**
 * What unique indexes hold by the order of their collation, which bytes do not have. It is kept in memory, made when it is
 * first needed, and goes with the index's working form when a transaction is given up.
 */
export class CollatedUniqueness {
  readonly #environment: Environment
  readonly #known = new WeakMap<Index, OrderedTuples>()

  constructor(environment: Environment) {
    this.#environment = environment
  }

  /** The record that has one of a document's values already; `own` does not count. */
  rivalOf(
    collection: Collection,
    index: Index,
    { raw, own }: { raw: Buffer; own: number | undefined },
  ): number | undefined {
    if (!index.unique || index.collator === undefined) return undefined
    const ordered = this.#known.get(index) ?? this.#read(collection, index, index.collator)
    return tuplesIn(index, raw)
      .map((tuple) => ordered.ownerOf(tuple, own))
      .find((owner) => owner !== undefined)
  }

  /** Remembers that a record has other values now. */
  changed(index: Index, id: number, { before, after }: { before?: Buffer; after?: Buffer }): void {
    const ordered = this.#known.get(index)
    if (ordered === undefined) return
    if (before !== undefined) for (const tuple of tuplesIn(index, before)) ordered.remove(tuple, id)
    if (after !== undefined) for (const tuple of tuplesIn(index, after)) ordered.add(tuple, id)
  }

  #read({ id }: Collection, index: Index, collator: Collator): OrderedTuples {
    const ordered = new OrderedTuples(collator)
    for (const { key, value } of entries(this.#environment.data, idRange(id)))
      for (const tuple of tuplesIn(index, value)) ordered.add(tuple, recordIdOf(key))
    this.#known.set(index, ordered)
    return ordered
  }
}

/** Tuples of values in the order of a collation, each with its record. */
class OrderedTuples {
  readonly #collator: Collator
  readonly #list: Owned[] = []

  constructor(collator: Collator) {
    this.#collator = collator
  }

  ownerOf(tuple: Tuple, own: number | undefined): number | undefined {
    return this.#equal(tuple).find(({ id }) => id !== own)?.id
  }

  add(tuple: Tuple, id: number): void {
    this.#list.splice(this.#first(tuple), 0, { tuple: tuple.map(alone), id })
  }

  remove(tuple: Tuple, id: number): void {
    const place = this.#equal(tuple).findIndex((owned) => owned.id === id)
    if (place >= 0) this.#list.splice(this.#first(tuple) + place, 1)
  }

  #equal(tuple: Tuple): Owned[] {
    const start = this.#first(tuple)
    let end = start
    for (let owned = this.#list[end]; owned !== undefined; owned = this.#list[end]) {
      if (this.#compare(owned.tuple, tuple) !== 0) break
      end += 1
    }
    return this.#list.slice(start, end)
  }

  /** Where the first tuple lies that does not come before this one. */
  #first(tuple: Tuple): number {
    let low = 0
    let high = this.#list.length
    while (low < high) {
      const middle = (low + high) >> 1
      const other = this.#list[middle]
      if (other !== undefined && this.#compare(other.tuple, tuple) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  #compare(a: Tuple, b: Tuple): number {
    for (const [at, value] of a.entries()) {
      const order = compareRaw(value ?? NOTHING, b[at] ?? NOTHING, this.#collator)
      if (order !== 0) return order
    }
    return 0
  }
}

/** A value without the document around it. */
function alone(value: RawValue | undefined): RawValue | undefined {
  if (value === undefined) return undefined
  const { buffer, type, offset } = value
  const end = offset + valueSize(buffer, type, offset)
  return { buffer: Buffer.from(buffer.subarray(offset, end)), type, offset: 0 }
}
