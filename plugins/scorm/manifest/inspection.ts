import type { ArchiveEntry } from '../contract.js'
import { decodeManifest } from './encoding.js'
import { parseManifest, type ReadManifest } from './manifest.js'
import { ManifestProblem } from './problems.js'

/** 5 MiB: the largest real manifest seen is a tenth of it. */
export const largestManifest = 5 * 1024 * 1024

const manifestName = 'imsmanifest.xml'

/** Where the manifest lies, or why this archive has none at its root: AICC, a folder too many, nothing at all. */
export function locateManifest(entries: readonly ArchiveEntry[]): ArchiveEntry {
  const paths = entries.map((entry) => ({ entry, path: entry.path.replaceAll('\\', '/') }))
  const atRoot =
    paths.find(({ path }) => path === manifestName) ??
    paths.find(({ path }) => path.toLowerCase() === manifestName)
  if (atRoot) {
    if (atRoot.entry.size <= largestManifest) return atRoot.entry
    throw new ManifestProblem('manifest-too-big', { megabytes: 5 })
  }

  const deeper = paths.find(({ path }) => path.toLowerCase().endsWith(`/${manifestName}`))
  if (deeper) throw new ManifestProblem('manifest-not-at-root', { folder: folderOf(deeper.path) })
  if (entries.some(({ path }) => isAiccFile(path))) throw new ManifestProblem('package-aicc')
  throw new ManifestProblem('manifest-missing', { root: rootNames(paths.map(({ path }) => path)) })
}

/** Whether an archive is one this plugin answers for, be it to refuse it in words. */
export const looksLikeScorm = (entries: readonly ArchiveEntry[]): boolean =>
  entries.some(({ path }) => /(^|[\\/])imsmanifest\.xml$/i.test(path) || isAiccFile(path)) ||
  isBareSite(entries)

/** Pages with no manifest of any standard: most likely a course zipped without it, so that is what to say. */
const isBareSite = (entries: readonly ArchiveEntry[]): boolean =>
  entries.some(({ path }) => /\.x?html?$/i.test(path)) &&
  !entries.some(({ path }) => /^(cmi5\.xml|tincan\.xml|h5p\.json)$/i.test(path))

/** Decodes and reads a manifest: the work done in the worker. */
export const inspectManifest = (
  bytes: Uint8Array,
  entries: readonly ArchiveEntry[],
): ReadManifest => parseManifest(decodeManifest(bytes), entries)

/** AICC HACP course structure files (CMI001, §6). */
const isAiccFile = (path: string): boolean => /\.(au|crs|cst|des)$/i.test(path)

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1)

function rootNames(paths: readonly string[]): string {
  const names = [...new Set(paths.map((path) => path.replace(/\/.*/, '/')))]
  const some = names.slice(0, 5).join(', ')
  return names.length > 5 ? `${some}, …` : some || '—'
}
