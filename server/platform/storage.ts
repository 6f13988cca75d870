import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rm, stat, statfs } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { Transform, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { NotFound } from '../errors.js'
import { now } from './clock.js'
import { unpackArchive, type ArchiveLimits, type Unpacked } from './archive.js'
import { onDisk } from './storage-disk.js'

export interface StoredFile {
  /** SHA-256 of the content, in hexadecimal: the file's name. */
  readonly hash: string
  readonly size: number
}

export interface OpenFile {
  readonly size: number
  /** Bytes that `stream` gives: the whole file, or the range. */
  readonly length: number
  readonly range: Part | undefined
  stream(): Readable
}

/** First and last byte of what is read. */
export interface Part {
  readonly start: number
  readonly end: number
}

/** Where things are kept: `files/<aa>/<hash>`, `packages/<hash>` and what lies below it. */
export interface Place {
  /** Takes a file or a folder over, whole or not at all. What is there already stays, and counts as new. */
  keep(temporary: string, name: string): Promise<void>
  /** Bytes of a file; nothing for what is none. */
  sizeOf(name: string): Promise<number | undefined>
  read(name: string, part?: Part): Readable
  /** Removes a file, or a folder with all below it, where it is there. */
  remove(name: string): Promise<void>
  packages(): Promise<{ readonly hash: string; readonly since: Date }[]>
}

export interface StorageOptions {
  /** What is being written lies here, and all of it where no bucket is named. */
  readonly dataDir: string
  readonly s3Url?: string | undefined
}

let writing = ''
let place: Place

/** Sets where things are kept. What a crash left half-written is removed. */
export async function useStorage({ dataDir, s3Url }: StorageOptions): Promise<void> {
  writing = join(dataDir, 'tmp', 'storage')
  await prepareTemporary(writing)
  place = s3Url ? (await import('./storage-s3.js')).inBucket(s3Url) : await onDisk(dataDir)
}

const abandonedAfter = 3_600_000

/** Makes a folder for what is being written, and removes what a crash left there; other processes may be writing in it. */
export async function prepareTemporary(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: 0 }))
    if (mtimeMs < Number(now()) - abandonedAfter) await rm(path, { recursive: true, force: true })
  }
}

/** Bytes of the data folder's disk that can still be written, and all it has. */
export async function spaceLeft(): Promise<{ readonly free: number; readonly total: number }> {
  const { bavail, blocks, bsize } = await statfs(writing)
  return { free: bavail * bsize, total: blocks * bsize }
}

/** Files and packages by the hash of their content: what is stored never changes, and is stored once. */
export const storage = {
  /** Keeps a stream. Durable when it returns. */
  async put(content: Readable): Promise<StoredFile> {
    const temporary = join(writing, randomUUID())
    const hash = createHash('sha256')
    let size = 0
    const count = new Transform({
      transform(chunk: Buffer, _encoding, next) {
        hash.update(chunk)
        size += chunk.length
        next(null, chunk)
      },
    })
    try {
      await pipeline(content, count, createWriteStream(temporary, { mode: 0o640, flush: true }))
      const name = hash.digest('hex')
      await place.keep(temporary, fileOf(name))
      return { hash: name, size }
    } finally {
      await rm(temporary, { force: true })
    }
  },

  /** Opens a stored file, or the part a `Range` header asks for. Throws `NotFound`. */
  async open(hash: string, range?: string): Promise<OpenFile> {
    return openFile(fileOf(hash), range)
  },

  async remove(hash: string): Promise<void> {
    await place.remove(fileOf(hash))
  },

  /**
   * Unpacks an archive to `packages/<hash>/`: all of it or nothing. The same archive twice is unpacked once.
   * Throws `Invalid('packages:archive-…')`.
   */
  async unpack(archive: string, hash: string, limits?: Partial<ArchiveLimits>): Promise<Unpacked> {
    const temporary = join(writing, randomUUID())
    try {
      const unpacked = await unpackArchive(archive, temporary, limits)
      await place.keep(temporary, packageOf(hash))
      return unpacked
    } finally {
      await rm(temporary, { recursive: true, force: true })
    }
  },

  /** Opens one file of an unpacked package; nothing where there is none, or where the path leads out of it. */
  async openPackageFile(hash: string, path: string, range?: string): Promise<OpenFile | undefined> {
    const folder = packageOf(hash)
    const file = posix.join(folder, path)
    if (!file.startsWith(`${folder}/`)) return undefined
    try {
      return await openFile(file, range)
    } catch (error) {
      if (error instanceof NotFound) return undefined
      throw error
    }
  },

  /** Removes a package that no version uses any more. */
  async removePackage(hash: string): Promise<void> {
    await place.remove(packageOf(hash))
  },

  /** Every unpacked package and since when it has been there untouched, for those who look for leftovers. */
  packages: () => place.packages(),
}

function fileOf(hash: string): string {
  return `files/${checked(hash).slice(0, 2)}/${hash}`
}

function packageOf(hash: string): string {
  return `packages/${checked(hash)}`
}

function checked(hash: string): string {
  if (!/^[0-9a-f]{64}$/.test(hash)) throw new NotFound()
  return hash
}

async function openFile(file: string, range: string | undefined): Promise<OpenFile> {
  const size = await place.sizeOf(file)
  if (size === undefined) throw new NotFound()
  const part = range ? partOf(range, size) : undefined
  return {
    size,
    length: part ? part.end - part.start + 1 : size,
    range: part,
    stream: () => place.read(file, part),
  }
}

/** One range of bytes (RFC 9110 §14.1.2); several, or none that fits, mean the whole file. */
function partOf(range: string, size: number): Part | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? []
  if (first === undefined || (first === '' && last === '')) return undefined
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  return start <= end && start < size ? { start, end } : undefined
}
