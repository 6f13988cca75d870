import { parentPort, workerData } from 'node:worker_threads'
import type { ArchiveEntry } from '../contract.js'
import { inspectManifest } from './inspection.js'
import { ManifestProblem } from './problems.js'

const { bytes, entries } = workerData as { bytes: Uint8Array; entries: ArchiveEntry[] }

parentPort?.postMessage(answer())

function answer(): object {
  try {
    return { read: inspectManifest(bytes, entries) }
  } catch (error) {
    if (!(error instanceof ManifestProblem)) throw error
    return { problem: { code: error.code, values: error.values } }
  }
}
