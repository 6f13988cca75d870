import { Catalog, type Collection } from './storage/catalog.js'
import { Environment, idRange, type Table } from './storage/environment.js'
import { commitFailure } from './storage/full-disk.js'
import { Records } from './storage/records.js'
import { Cursors } from './cursors.js'
import { FailPoint } from './fail-point.js'

/** How a store is opened. */
export interface StoreOptions {
  readonly directory: string
  /** Lets tests ask for failures with `configureFailPoint`. */
  readonly testCommands?: boolean
}

/** Bytes that a collection takes. */
export interface Sizes {
  readonly data: number
  readonly indexes: Readonly<Record<string, number>>
}

/** Everything a command works on. */
export class Store {
  readonly environment: Environment
  readonly catalog: Catalog
  readonly records: Records
  readonly cursors = new Cursors()
  readonly failPoint = new FailPoint()
  readonly testCommands: boolean
  readonly #directory: string
  /** How many clients are connected; the server sets it. */
  connections: () => number = () => 0

  constructor({ directory, testCommands = false }: StoreOptions) {
    this.#directory = directory
    this.environment = new Environment(directory)
    this.catalog = new Catalog(this.environment)
    this.records = new Records(this.environment, this.catalog)
    this.testCommands = testCommands
  }

  /** Runs writes as one transaction; memory follows the disk when it is given up. */
  write(action: () => void): void {
    try {
      this.environment.write(() => {
        action()
        this.catalog.flushCounts()
      })
    } catch (error) {
      this.catalog.reload()
      throw commitFailure(error, this.#directory)
    }
  }

  /** The collection of a name, made when there is none yet. */
  ensure(namespace: string): Collection {
    return this.catalog.get(namespace) ?? this.catalog.create(namespace)
  }

  /** About how many bytes a collection takes: its documents, and each of its indexes. */
  sizeOf(collection: Collection): Sizes {
    const { data, index } = this.environment
    const indexes = collection.indexes.map((one) => [one.name, sizeOfRange(index, one.id)] as const)
    return { data: sizeOfRange(data, collection.id), indexes: Object.fromEntries(indexes) }
  }

  async close(): Promise<void> {
    this.cursors.close()
    await this.environment.close()
  }
}

/** Entries of a sample, by whose size the others are taken to be. */
const SAMPLE = 100

function sizeOfRange(table: Table, id: number): number {
  const { from: start, to: end } = idRange(id)
  const count = table.getKeysCount({ start, end })
  const sample = [...table.getRange({ start, end, limit: SAMPLE })]
  const bytes = sample.reduce((sum, { key, value }) => sum + key.length + value.length, 0)
  return sample.length === 0 ? 0 : Math.round((bytes / sample.length) * count)
}
