import { mkdirSync } from 'node:fs'
import { open, type Database, type RootDatabase } from 'lmdb'
import { refuseUnfinishedRestore } from '../unfinished-restore.js'
import { checkDataFile } from './damage.js'

/** Version of what is written on disk; a store of another version is refused by name. */
export const FORMAT_VERSION = 1

/** Longest key of an index entry before it is cut and hashed; LMDB's own limit is 1,978. */
export const MAX_KEY_BYTES = 1900

const CODEC = { encoding: 'binary', keyEncoding: 'binary' } as const
const FORMAT_KEY = Buffer.from('format')
/** Entries, or bytes, read in one go; a scan holds no read transaction between two of them. */
const FIRST_CHUNK = 16
const LARGEST_CHUNK = 256
const CHUNK_BYTES = 256 * 1024

export type Table = Database<Buffer, Buffer>

/** One key and its value, both owned by the reader. */
export interface Entry {
  readonly key: Buffer
  readonly value: Buffer
}

/** A half-open range of keys: `from` included, `to` excluded. */
export interface KeyRange {
  readonly from: Buffer
  readonly to: Buffer
}

/** The LMDB environment: three tables that change in one transaction. */
export class Environment {
  readonly #root: RootDatabase<Buffer, Buffer>
  readonly data: Table
  readonly index: Table
  readonly meta: Table

  constructor(directory: string, { readOnly = false } = {}) {
    if (!readOnly) mkdirSync(directory, { recursive: true, mode: 0o700 })
    refuseUnfinishedRestore(directory)
    checkDataFile(directory)
    const options = { path: directory, noSubdir: false, maxDbs: 4, noMemInit: true, readOnly }
    this.#root = open<Buffer, Buffer>({ ...options, ...CODEC })
    this.data = this.#root.openDB({ name: 'data', ...CODEC })
    this.index = this.#root.openDB({ name: 'index', ...CODEC })
    this.meta = this.#root.openDB({ name: 'meta', ...CODEC })
    this.#checkFormat()
  }

  /** Runs the writes of an action as one transaction, on disk when this returns. */
  write(action: () => void): void {
    this.#root.transactionSync(() => {
      action()
    })
  }

  /** Reads several ranges of the data as they were at one moment. */
  snapshot<T>(action: (read: (range: KeyRange) => Iterable<Entry>) => T): T {
    const transaction = this.#root.useReadTransaction()
    try {
      return action(({ from, to }) => this.data.getRange({ start: from, end: to, transaction }))
    } finally {
      transaction.done()
    }
  }

  /** Copies a consistent snapshot, compacted, while writes go on. */
  async backup(directory: string): Promise<void> {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    await this.#root.backup(directory, true)
  }

  async close(): Promise<void> {
    await this.#root.close()
  }

  #checkFormat(): void {
    const found = this.meta.get(FORMAT_KEY)?.toString()
    if (found === undefined) {
      this.write(() => {
        void this.meta.put(FORMAT_KEY, Buffer.from(String(FORMAT_VERSION)))
      })
    } else if (found !== String(FORMAT_VERSION)) {
      throw new Error(
        `The store's data has format ${found}; this version of Palier reads format ${String(FORMAT_VERSION)}.`,
      )
    }
  }
}

/**
 * Walks a range in growing chunks, going on after the last key read, so that a slow reader sees
 * later writes instead of pinning old pages.
 */
export function* entries(table: Table, range: KeyRange, reverse = false): Generator<Entry> {
  let { from, to } = range
  for (let limit = FIRST_CHUNK; ; limit = Math.min(limit * 2, LARGEST_CHUNK)) {
    const { found, isLast } = readChunk(table, { from, to }, { reverse, limit })
    yield* found
    const last = found.at(-1)
    if (last === undefined || isLast) return
    if (reverse) to = last.key
    else from = keyAfter(last.key)
  }
}

interface Chunk {
  readonly found: readonly Entry[]
  /** The range has no more. */
  readonly isLast: boolean
}

function readChunk(
  table: Table,
  { from, to }: KeyRange,
  { reverse, limit }: { reverse: boolean; limit: number },
): Chunk {
  if (Buffer.compare(from, to) >= 0) return { found: [], isLast: true }
  const range = reverse
    ? { start: to, end: from, exclusiveStart: true, inclusiveEnd: true, reverse, limit }
    : { start: from, end: to, limit }
  const found: Entry[] = []
  let bytes = 0
  for (const entry of table.getRange(range)) {
    found.push(entry)
    bytes += entry.value.length
    if (bytes >= CHUNK_BYTES) return { found, isLast: false }
  }
  return { found, isLast: found.length < limit }
}

/** The smallest key greater than this one. */
export function keyAfter(key: Buffer): Buffer {
  return Buffer.concat([key, Buffer.from([0])])
}

/** The smallest key greater than all that begin with this prefix. */
export function prefixEnd(prefix: Buffer): Buffer {
  const end = Buffer.from(prefix)
  for (let at = end.length - 1; at >= 0; at -= 1) {
    const byte = end[at] ?? 0xff
    if (byte === 0xff) continue
    end[at] = byte + 1
    return end.subarray(0, at + 1)
  }
  return Buffer.from([...prefix, ...Buffer.alloc(8, 0xff)])
}

/** Removes every key of a range, in the write transaction that is open. */
export function removeRange(table: Table, range: KeyRange): void {
  const keys = [...table.getKeys({ start: range.from, end: range.to })].map((key) =>
    Buffer.from(key),
  )
  for (const key of keys) void table.remove(key)
}

/** A collection's or index's id as the first four bytes of its keys. */
export function idPrefix(id: number): Buffer {
  const prefix = Buffer.allocUnsafe(4)
  prefix.writeUInt32BE(id)
  return prefix
}

/** Where the keys that begin with an id lie. */
export function idRange(id: number): KeyRange {
  return { from: idPrefix(id), to: idPrefix(id + 1) }
}
