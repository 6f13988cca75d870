import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { access, mkdir, open, readdir, rename, rm, stat, statfs, utimes } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { Transform, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { NotFound } from '../errors.js'
import { now } from './clock.js'
import { unpackArchive, type ArchiveLimits, type Unpacked } from './archive.js'

export interface StoredFile {
  /** SHA-256 of the content, in hexadecimal: the file's name. */
  readonly hash: string
  readonly size: number
}

export interface OpenFile {
  readonly size: number
  /** Bytes that `stream` gives: the whole file, or the range. */
  readonly length: number
  readonly range: { readonly start: number; readonly end: number } | undefined
  stream(): Readable
}

let root = ''

/** Sets the data folder. What a crash left half-written is removed. */
export async function useStorage(dataDir: string): Promise<void> {
  root = dataDir
  await prepareTemporary(join(root, 'tmp', 'storage'))
  for (const folder of ['files', 'packages']) {
    await mkdir(join(root, folder), { recursive: true })
  }
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
  const { bavail, blocks, bsize } = await statfs(root)
  return { free: bavail * bsize, total: blocks * bsize }
}

/** Files and packages by the hash of their content: what is stored never changes, and is stored once. */
export const storage = {
  /** Keeps a stream. Durable when it returns. */
  async put(content: Readable): Promise<StoredFile> {
    const temporary = join(root, 'tmp', 'storage', randomUUID())
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
      await moveInto(temporary, fileOf(name))
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
    await rm(fileOf(hash), { force: true })
  },

  /**
   * Unpacks an archive to `packages/<hash>/`: all of it or nothing. The same archive twice is unpacked once.
   * Throws `Invalid('packages:archive-…')`.
   */
  async unpack(archive: string, hash: string, limits?: Partial<ArchiveLimits>): Promise<Unpacked> {
    const temporary = join(root, 'tmp', 'storage', randomUUID())
    try {
      const unpacked = await unpackArchive(archive, temporary, limits)
      await moveInto(temporary, packageOf(hash))
      return unpacked
    } finally {
      await rm(temporary, { recursive: true, force: true })
    }
  },

  /** Opens one file of an unpacked package; nothing where there is none, or where the path leads out of it. */
  async openPackageFile(hash: string, path: string, range?: string): Promise<OpenFile | undefined> {
    const folder = packageOf(hash)
    const file = resolve(folder, path)
    if (!file.startsWith(folder + sep)) return undefined
    try {
      return await openFile(file, range)
    } catch (error) {
      if (error instanceof NotFound) return undefined
      throw error
    }
  },

  /** Removes a package that no version uses any more. */
  async removePackage(hash: string): Promise<void> {
    await rm(packageOf(hash), { recursive: true, force: true })
  },

  /** Every unpacked package and since when it has been there untouched, for those who look for leftovers. */
  async packages(): Promise<{ hash: string; since: Date }[]> {
    const hashes = await readdir(join(root, 'packages'))
    const found = await Promise.all(
      hashes.map(async (hash) => {
        const info = await stat(packageOf(hash)).catch(() => undefined)
        return info && { hash, since: info.mtime }
      }),
    )
    return found.filter((one) => one !== undefined)
  },
}

function fileOf(hash: string): string {
  return join(root, 'files', checked(hash).slice(0, 2), hash)
}

function packageOf(hash: string): string {
  return join(root, 'packages', checked(hash))
}

function checked(hash: string): string {
  if (!/^[0-9a-f]{64}$/.test(hash)) throw new NotFound()
  return hash
}

/** A rename is the moment something is there whole; the folder is synced so that it stays after a power cut. */
async function moveInto(temporary: string, place: string): Promise<void> {
  await mkdir(dirname(place), { recursive: true })
  const there = await access(place).then(
    () => true,
    () => false,
  )
  // Whoever removes leftovers sees that it is wanted again.
  if (there) return utimes(place, now(), now())
  await rename(temporary, place).catch((error: NodeJS.ErrnoException) => {
    // Another request unpacked the same archive in the meantime.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
  })
  const folder = await open(dirname(place), 'r')
  await folder.sync().finally(() => folder.close())
}

async function openFile(file: string, range: string | undefined): Promise<OpenFile> {
  const info = await stat(file).catch(() => undefined)
  if (!info?.isFile()) throw new NotFound()
  const part = range ? partOf(range, info.size) : undefined
  return {
    size: info.size,
    length: part ? part.end - part.start + 1 : info.size,
    range: part,
    stream: () => createReadStream(file, part),
  }
}

/** One range of bytes (RFC 9110 §14.1.2); several, or none that fits, mean the whole file. */
function partOf(range: string, size: number): { start: number; end: number } | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? []
  if (first === undefined || (first === '' && last === '')) return undefined
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  return start <= end && start < size ? { start, end } : undefined
}
