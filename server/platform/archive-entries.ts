import type { Entry } from 'yauzl'
import type { ArchiveLimits } from './archive.js'

/** Why an archive is refused: a code of the family `packages:archive-…`, and what its sentence says. */
export class Refusal extends Error {
  readonly code: string
  readonly values: Record<string, string | number> | undefined

  constructor(code: string, values?: Record<string, string | number>) {
    super(code)
    this.code = code
    this.values = values
  }
}

export interface WantedEntry {
  readonly entry: Entry
  /** Where it goes, below the package's folder, with `/`. */
  readonly path: string
}

const maxPathBytes = 1024
const maxSegmentBytes = 240
const maxDepth = 32

/** Judges every entry before any is unpacked. Throws a `Refusal` that names the first one that is not acceptable. */
export function checkEntries(
  entries: readonly Entry[],
  archiveBytes: number,
  limits: ArchiveLimits,
): WantedEntry[] {
  if (entries.length === 0) throw new Refusal('archive-empty')
  checkSizes(entries, archiveBytes, limits)
  const wanted: WantedEntry[] = []
  const taken = new Map<string, 'file' | 'folder'>()
  for (const entry of entries) {
    checkKind(entry)
    const path = safePath(entry.fileName)
    const folder = entry.fileName.endsWith('/') || entry.fileName.endsWith('\\')
    claim(taken, path, folder ? 'folder' : 'file')
    if (!folder) wanted.push({ entry, path })
  }
  if (wanted.length === 0) throw new Refusal('archive-empty')
  return wanted
}

/** What other systems leave in archives without meaning to. */
export const isNoise = (path: string): boolean =>
  path.startsWith('__MACOSX/') || /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini)$/i.test(path)

function checkSizes(entries: readonly Entry[], archiveBytes: number, limits: ArchiveLimits): void {
  const total = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0)
  const packed = entries.reduce((sum, { compressedSize }) => sum + compressedSize, 0)
  const tooBig =
    total > limits.totalBytes || entries.some((e) => e.uncompressedSize > limits.fileBytes)
  if (packed > archiveBytes) throw new Refusal('archive-overlap')
  if (tooBig) {
    throw new Refusal('archive-too-big-unpacked', {
      megabytes: Math.round(limits.totalBytes / 1e6),
    })
  }
  const heavy = (size: number, from: number): boolean =>
    size > limits.ratioFrom && size > from * limits.ratio
  if (heavy(total, packed) || entries.some((e) => heavy(e.uncompressedSize, e.compressedSize))) {
    throw new Refusal('archive-ratio', { ratio: limits.ratio })
  }
}

const unixKinds = { folder: 0o040000, file: 0o100000, mask: 0o170000 }

/** Links and special files could point out of the folder; only plain files and folders pass. */
function checkKind({
  externalFileAttributes,
  fileName,
  generalPurposeBitFlag,
  compressionMethod,
}: Entry): void {
  const mode = (externalFileAttributes >>> 16) & unixKinds.mask
  if (mode !== 0 && mode !== unixKinds.folder && mode !== unixKinds.file) {
    throw new Refusal('archive-link', { name: fileName })
  }
  if (generalPurposeBitFlag & 1) throw new Refusal('archive-encrypted', { name: fileName })
  if (compressionMethod !== 0 && compressionMethod !== 8) {
    throw new Refusal('archive-unsupported-method', { name: fileName })
  }
}

// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const controls = /[\u0000-\u001f]/

/** Backslashes are what old Windows zippers meant by `/`. Anything that leads elsewhere is refused. */
function safePath(fileName: string): string {
  const path = fileName.replace(/\\/g, '/').replace(/\/+$/, '')
  const unsafe = new Refusal('archive-path-unsafe', { name: fileName.slice(0, 200) })
  if (path === '' || controls.test(path) || path.startsWith('/') || /^[a-zA-Z]:/.test(path))
    throw unsafe
  const segments = path.split('/')
  const leadsOut = (segment: string): boolean =>
    /^\.{1,2}$/.test(segment.normalize('NFKC')) || segment === ''
  if (segments.some(leadsOut) || /\.\.[/\\]/.test(path.normalize('NFKC'))) throw unsafe
  const tooLong =
    Buffer.byteLength(path) > maxPathBytes ||
    segments.length > maxDepth ||
    segments.some((segment) => Buffer.byteLength(segment) > maxSegmentBytes)
  if (tooLong) throw new Refusal('archive-name-too-long', { name: fileName.slice(0, 80) })
  return path
}

/** Two names that a file system may take for one are refused; so is a file where a folder must be. */
function claim(taken: Map<string, 'file' | 'folder'>, path: string, kind: 'file' | 'folder'): void {
  const key = (text: string): string => text.normalize('NFC').toLowerCase()
  const segments = path.split('/')
  for (let depth = 1; depth < segments.length; depth += 1) {
    const parent = key(segments.slice(0, depth).join('/'))
    if (taken.get(parent) === 'file') throw new Refusal('archive-duplicate', { name: path })
    taken.set(parent, 'folder')
  }
  const there = taken.get(key(path))
  if (there && !(there === 'folder' && kind === 'folder'))
    throw new Refusal('archive-duplicate', { name: path })
  taken.set(key(path), kind)
}
