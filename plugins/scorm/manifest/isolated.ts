import { startWorker } from '#core'
import type { ArchiveEntry } from '../contract.js'
import type { ReadManifest } from './manifest.js'
import { ManifestProblem } from './problems.js'

const slowest = 10_000
const memory = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 }

interface Answer {
  readonly read?: ReadManifest
  readonly problem?: { readonly code: `scorm:${string}`; readonly values: Record<string, string> }
}

/** Reads a manifest in a worker of its own: what takes too long or too much memory is refused, not suffered. */
export function inspectApart(
  bytes: Uint8Array,
  entries: readonly ArchiveEntry[],
): Promise<ReadManifest> {
  const workerData = { bytes, entries: entries.map(({ path, size }) => ({ path, size })) }
  const options = { workerData, resourceLimits: memory, env: {} }
  const worker = startWorker('./manifest.worker', import.meta.url, options)
  const tooLong = new ManifestProblem('manifest-too-slow', { seconds: slowest / 1000 })
  return new Promise<ReadManifest>((resolve, reject) => {
    const timer = setTimeout(() => reject(tooLong), slowest)
    worker.once('message', (answer: Answer) => {
      clearTimeout(timer)
      const { read, problem } = answer
      if (read) resolve(read)
      else
        reject(new ManifestProblem(problem?.code.slice(6) ?? 'manifest-malformed', problem?.values))
    })
    worker.once('error', (error) => {
      clearTimeout(timer)
      const exhausted = (error as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY'
      reject(exhausted ? new ManifestProblem('manifest-too-big', { megabytes: 5 }) : error)
    })
  }).finally(() => void worker.terminate())
}
