import { performance } from 'node:perf_hooks'
import type { Steps } from './commands/command.js'
import { MongoError } from './errors.js'
import { batchReply } from './wire/batch.js'

/** A cursor that nobody asks dies after this, as in MongoDB. */
const IDLE_MS = 600_000
const SWEEP_MS = 30_000
/** Documents of a first batch when the request does not say. */
const FIRST_BATCH = 101
/** What a reply names when there is nothing more. */
const CLOSED = 0n
/** A batch stops before its reply grows beyond what a client accepts. */
const BATCH_BYTES = 16 * 1024 * 1024 - 64 * 1024

/** Documents of a result; `undefined` is a pause, in which others may run. */
export type Documents = Iterator<Buffer | undefined, void>

/** How a result is handed out. */
export interface CursorOptions {
  readonly namespace: string
  readonly batchSize?: number | undefined
  readonly singleBatch?: boolean | undefined
  readonly noTimeout?: boolean | undefined
}

interface Cursor {
  readonly namespace: string
  readonly documents: Documents
  readonly noTimeout: boolean
  /** Found, but too much for the batch before. */
  held: Buffer | undefined
  lastUsed: number
  isBusy: boolean
}

/** The results that clients have not read to their end. */
export class Cursors {
  readonly #open = new Map<bigint, Cursor>()
  readonly #sweeper = setInterval(() => {
    this.#sweep()
  }, SWEEP_MS).unref()
  #lastId = BigInt(Date.now()) << 16n

  get size(): number {
    return this.#open.size
  }

  /** Answers with the first batch of a result, and keeps the rest open. */
  *first(documents: Documents, options: CursorOptions, fields?: Buffer): Steps<Buffer> {
    const { namespace, batchSize = FIRST_BATCH, singleBatch = false, noTimeout = false } = options
    const cursor: Cursor = {
      namespace,
      documents,
      noTimeout,
      held: undefined,
      lastUsed: performance.now(),
      isBusy: false,
    }
    const batch = yield* this.#fill(cursor, batchSize)
    const cursorId = batch.isLast || singleBatch ? CLOSED : this.#keep(cursor)
    const { documents: found } = batch
    return batchReply({ name: 'firstBatch', documents: found, cursorId, namespace }, fields)
  }

  /** Answers with the next batch of an open cursor. */
  *next(id: bigint, namespace: string, batchSize: number | undefined): Steps<Buffer> {
    const cursor = this.#open.get(id)
    if (cursor === undefined) throw new MongoError(43, `cursor id ${String(id)} not found`)
    if (cursor.namespace !== namespace) throw foreign(cursor, namespace)
    if (cursor.isBusy) throw new MongoError(12051, `cursor id ${String(id)} is already in use`)
    cursor.isBusy = true
    try {
      const { documents, isLast } = yield* this.#fill(cursor, batchSize ?? Infinity)
      if (isLast) this.#open.delete(id)
      return batchReply({ name: 'nextBatch', documents, cursorId: isLast ? CLOSED : id, namespace })
    } catch (error) {
      this.#open.delete(id)
      throw error
    } finally {
      cursor.isBusy = false
      cursor.lastUsed = performance.now()
    }
  }

  /** Closes a cursor; false when there is none. */
  kill(id: bigint): boolean {
    this.#open.get(id)?.documents.return?.()
    return this.#open.delete(id)
  }

  close(): void {
    clearInterval(this.#sweeper)
    this.#open.clear()
  }

  *#fill(cursor: Cursor, size: number): Steps<{ documents: Buffer[]; isLast: boolean }> {
    const documents: Buffer[] = []
    let bytes = 0
    if (size === 0) return { documents, isLast: false }
    for (;;) {
      const document = cursor.held ?? (yield* nextOf(cursor.documents))
      cursor.held = document
      if (document === undefined) return { documents, isLast: true }
      bytes += document.length
      const isFull = documents.length >= size || (bytes > BATCH_BYTES && documents.length > 0)
      if (isFull) return { documents, isLast: false }
      documents.push(document)
      cursor.held = undefined
    }
  }

  #keep(cursor: Cursor): bigint {
    this.#lastId += 1n
    this.#open.set(this.#lastId, cursor)
    return this.#lastId
  }

  #sweep(): void {
    const oldest = performance.now() - IDLE_MS
    for (const [id, { noTimeout, isBusy, lastUsed }] of this.#open)
      if (!noTimeout && !isBusy && lastUsed < oldest) this.kill(id)
  }
}

function* nextOf(documents: Documents): Steps<Buffer | undefined> {
  for (;;) {
    const next = documents.next()
    if (next.done === true) return undefined
    if (next.value !== undefined) return next.value
    yield undefined
  }
}

function foreign(cursor: Cursor, namespace: string): MongoError {
  return new MongoError(
    13,
    `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
  )
}
