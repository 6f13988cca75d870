import { numeric } from './commands/schema.js'
import { read } from './query/read.js'
import type { Scheduler } from './scheduler.js'
import type { Collection } from './storage/catalog.js'
import type { Index } from './storage/index-keys.js'
import type { Store } from './store.js'

/** As MongoDB's `ttlMonitorSleepSecs`. */
const EVERY_MS = 60_000
/** Documents removed in one transaction, so that others need not wait long. */
const PER_PASS = 500

/** Removes documents whose time is over, as their TTL indexes say, a few at a time. */
export class Expiry {
  readonly #store: Store
  readonly #scheduler: Scheduler
  readonly #timer: NodeJS.Timeout

  constructor(store: Store, scheduler: Scheduler, everyMs = EVERY_MS) {
    this.#store = store
    this.#scheduler = scheduler
    this.#timer = setInterval(() => {
      this.#submit()
    }, everyMs).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #submit(): void {
    if (![...this.#store.catalog.all()].some(({ indexes }) => indexes.some(expires))) return
    let removed = 0
    this.#scheduler.submit({
      writes: true,
      run: () => {
        removed = removeExpired(this.#store, Date.now())
        return {}
      },
      failed: () => ({}),
      reply: () => {
        if (removed >= PER_PASS) this.#submit()
      },
    })
  }
}

function expires({ spec, fields }: Index): boolean {
  return spec['expireAfterSeconds'] !== undefined && fields.length === 1
}

function removeExpired(store: Store, now: number): number {
  let left = PER_PASS
  for (const collection of store.catalog.all())
    for (const index of collection.indexes.filter(expires)) {
      const before = new Date(now - numeric(index.spec['expireAfterSeconds']) * 1000)
      left -= removeBefore(store, { collection, index, before, limit: left })
      if (left <= 0) return PER_PASS
    }
  return PER_PASS - left
}

interface Pass {
  readonly collection: Collection
  readonly index: Index
  readonly before: Date
  readonly limit: number
}

function removeBefore(store: Store, { collection, index, before, limit }: Pass): number {
  const [field] = index.fields
  if (field === undefined) return 0
  const filter = { [field.path]: { $lte: before }, ...(index.partial ?? {}) }
  const rows = [...read(store.environment, collection, { filter, limit })]
  const found = rows.filter((row) => row !== undefined)
  for (const row of found) store.records.remove(collection, row)
  return found.length
}
