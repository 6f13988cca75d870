import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import { parentPort, workerData } from 'node:worker_threads'
import type { Entry, ZipFile } from 'yauzl'
import { checkEntries, Refusal, isNoise } from './archive-entries.js'
import { openZip, entriesOf, openEntry } from './archive-reading.js'
import type { ArchiveLimits, Unpacked } from './archive.js'

export interface ArchiveTask {
  readonly archive: string
  readonly folder: string
  readonly limits: ArchiveLimits
}

export type ArchiveVerdict =
  | { readonly kind: 'unpacked'; readonly unpacked: Unpacked }
  | {
      readonly kind: 'refused'
      readonly code: string
      readonly values?: Record<string, string | number>
    }
  | { readonly kind: 'fault'; readonly message: string }

void unpack(workerData as ArchiveTask).then(
  (verdict) => parentPort?.postMessage(verdict),
  (error: unknown) => parentPort?.postMessage(verdictOf(error)),
)

async function unpack({ archive, folder, limits }: ArchiveTask): Promise<ArchiveVerdict> {
  const zip = await openZip(archive)
  const wanted = checkEntries(await entriesOf(zip, limits.entries), zip.fileSize, limits)
  await mkdir(folder, { recursive: true })
  const budget: Budget = { packed: 0, unpacked: 0 }
  const files: { path: string; size: number }[] = []
  for (const { entry, path } of wanted) {
    if (isNoise(path)) continue
    files.push({
      path,
      size: await writeEntry({ zip, entry, file: join(folder, path) }, budget, limits),
    })
  }
  zip.close()
  return { kind: 'unpacked', unpacked: { files, bytes: budget.unpacked } }
}

interface Budget {
  packed: number
  unpacked: number
}

interface Writing {
  readonly zip: ZipFile
  readonly entry: Entry
  readonly file: string
}

/** Counts what really comes out: a header may lie. Files are never executable. */
async function writeEntry(
  { zip, entry, file }: Writing,
  budget: Budget,
  limits: ArchiveLimits,
): Promise<number> {
  await mkdir(dirname(file), { recursive: true })
  let size = 0
  let sum = 0
  budget.packed += entry.compressedSize
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      size += chunk.length
      budget.unpacked += chunk.length
      sum = crc32(chunk, sum)
      next(overLimit(size, budget, limits), chunk)
    },
  })
  const content = await openEntry(zip, entry)
  await pipeline(
    content,
    counted,
    createWriteStream(file, { mode: 0o640, flags: 'wx', flush: true }),
  )
  if (sum !== entry.crc32) throw new Refusal('archive-corrupt', { name: entry.fileName })
  return size
}

function overLimit(
  size: number,
  { packed, unpacked }: Budget,
  limits: ArchiveLimits,
): Refusal | null {
  if (size > limits.fileBytes || unpacked > limits.totalBytes) {
    return new Refusal('archive-too-big-unpacked', {
      megabytes: Math.round(limits.totalBytes / 1e6),
    })
  }
  if (unpacked > limits.ratioFrom && unpacked > packed * limits.ratio) {
    return new Refusal('archive-ratio', { ratio: limits.ratio })
  }
  return null
}

function verdictOf(error: unknown): ArchiveVerdict {
  if (error instanceof Refusal) {
    return { kind: 'refused', code: error.code, ...(error.values && { values: error.values }) }
  }
  const { message, code, syscall } = error as NodeJS.ErrnoException
  if (syscall && code !== 'ENAMETOOLONG' && code !== 'EEXIST') return { kind: 'fault', message }
  if (code?.startsWith('Z_'))
    return { kind: 'refused', code: 'archive-corrupt', values: { name: '' } }
  return { kind: 'refused', code: 'archive-inconsistent' }
}
