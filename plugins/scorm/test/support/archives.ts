import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import type { ArchiveEntry } from '../../contract.js'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const fixtures = process.env.PALIER_FIXTURES ?? resolve(root, '../shared/fixtures')

/** The packages of a folder of foreign fixtures, or none where they are absent. */
export function fixturePackages(folder: string): { name: string; path: string }[] {
  const path = join(fixtures, folder)
  if (!existsSync(path)) return []
  return readdirSync(path)
    .filter((name) => name.endsWith('.zip'))
    .map((name) => ({ name: name.replace(/\.zip$/, ''), path: join(path, name) }))
}

export const fixturePath = (path: string): string => join(fixtures, path)

/** Why a test is skipped, in one line. */
export const fixturesAbsent = (folder: string): string =>
  `no fixtures at ${folder}: set PALIER_FIXTURES to the folder that holds them`

export interface TestArchive {
  readonly entries: readonly ArchiveEntry[]
  read(path: string): Promise<Buffer>
}

/** Opens a zip as the import does, minus its safety checks: those are the storage's tests. */
export async function openArchive(file: string): Promise<TestArchive> {
  const found = new Map<string, Entry>()
  const zip = await yauzl.openPromise(file, { autoClose: false, decodeStrings: true })
  for await (const entry of zip.eachEntry()) found.set(entry.fileName, entry)
  const files = [...found.values()].filter(({ fileName }) => !fileName.endsWith('/'))
  return {
    entries: files.map((entry) => ({ path: entry.fileName, size: entry.uncompressedSize })),
    read: (path) => readEntry(zip, found.get(path)),
  }
}

async function readEntry(zip: ZipFile, entry: Entry | undefined): Promise<Buffer> {
  if (!entry) throw new Error('no such entry')
  const stream = await zip.openReadStreamPromise(entry)
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
