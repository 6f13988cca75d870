import { AppError, Invalid } from '../errors.js'
import type { ArchiveTask, ArchiveVerdict } from './archive.worker.js'
import { startWorker } from './workers.js'

/** How much an archive may ask of us. */
export interface ArchiveLimits {
  readonly entries: number
  /** Bytes unpacked, in all and of one file. */
  readonly totalBytes: number
  readonly fileBytes: number
  /** Unpacked bytes per packed byte, once an archive has given `ratioFrom` bytes. */
  readonly ratio: number
  readonly ratioFrom: number
  readonly milliseconds: number
}

export const defaultLimits: ArchiveLimits = {
  entries: 20_000,
  totalBytes: 2 * 1024 ** 3,
  fileBytes: 1024 ** 3,
  ratio: 200,
  ratioFrom: 50 * 1024 ** 2,
  milliseconds: 120_000,
}

export interface Unpacked {
  readonly files: readonly { readonly path: string; readonly size: number }[]
  readonly bytes: number
}

const memoryMegabytes = 192

/** What an archive is refused for whose worker ended of it. yauzl follows a zip64 offset beyond what any file holds. */
const endings: ReadonlyMap<string, string> = new Map([
  ['ERR_WORKER_OUT_OF_MEMORY', 'archive-too-heavy'],
  ['ERR_OUT_OF_RANGE', 'archive-inconsistent'],
])

/**
 * Unpacks a zip into a new folder, in a worker with limits on time and memory. Throws `Invalid('packages:archive-…')`
 * with the entry's name; what was written by then is the caller's to remove.
 */
export async function unpackArchive(
  archive: string,
  folder: string,
  limits: Partial<ArchiveLimits> = {},
): Promise<Unpacked> {
  const wanted = { ...defaultLimits, ...limits }
  const verdict = await inWorker({ archive, folder, limits: wanted })
  if (verdict.kind === 'unpacked') return verdict.unpacked
  if (verdict.kind === 'fault')
    throw new Error(`an archive could not be unpacked: ${verdict.message}`)
  throw new Invalid(`packages:${verdict.code}`, {
    ...(verdict.values && { values: verdict.values }),
    errors: [
      {
        path: 'package',
        code: `packages:${verdict.code}`,
        ...(verdict.values && { values: verdict.values }),
      },
    ],
  })
}

function inWorker(task: ArchiveTask): Promise<ArchiveVerdict> {
  const resourceLimits = { maxOldGenerationSizeMb: memoryMegabytes }
  const worker = startWorker('./archive.worker', import.meta.url, {
    workerData: task,
    resourceLimits,
  })
  return new Promise<ArchiveVerdict>((done, fail) => {
    const timer = setTimeout(
      () => done({ kind: 'refused', code: 'archive-too-slow' }),
      task.limits.milliseconds,
    )
    worker.once('message', (verdict: ArchiveVerdict) => done(verdict))
    worker.once('error', (error: Error & { code?: string }) => {
      const code = endings.get(error.code ?? '')
      if (code) done({ kind: 'refused', code })
      else fail(new AppError(500, 'core:unexpected', {}, { cause: error }))
    })
    worker.once('exit', () => clearTimeout(timer))
  }).finally(() => void worker.terminate())
}
