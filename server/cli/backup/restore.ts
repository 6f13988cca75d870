import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { text } from 'node:stream/consumers'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { now } from '../../platform/clock.js'
import { restore as restoreStore } from '../../store/archive.js'
import { Digest, MANIFEST, parseManifest, type Manifest } from './manifest.js'

/** What a restore put back, and where that lies which was there before. */
export interface Restored {
  readonly manifest: Manifest
  readonly before: string | undefined
}

/**
 * Puts a backup back into a data directory whose Palier is not running. Everything is unpacked and compared with what
 * the backup says of itself before anything is replaced; what was there is kept beside it.
 */
export async function restoreBackup(file: string, dataDir: string): Promise<Restored> {
  if (!existsSync(file)) throw new Error(`${file} is not there.`)
  const stamp = now().toISOString().replace(/[:.]/g, '-')
  const incoming = join(dataDir, `restoring-${stamp}`)
  const before = join(dataDir, `before-restore-${stamp}`)
  await mkdir(incoming, { recursive: true, mode: 0o700 })
  try {
    const manifest = await unpack(file, incoming)
    const found = await restoreStore(join(incoming, 'store'), join(dataDir, 'store'))
    if (JSON.stringify(sorted(found)) !== JSON.stringify(sorted(manifest.store)))
      throw new Error('The restored store is not what the backup says it holds.')
    const moved = await replaceFiles(incoming, dataDir, before)
    return { manifest, before: moved ? before : undefined }
  } finally {
    await rm(incoming, { recursive: true, force: true })
  }
}

const sorted = (store: Manifest['store']): unknown =>
  Object.entries(store).sort(([a], [b]) => (a < b ? -1 : 1))

async function unpack(file: string, target: string): Promise<Manifest> {
  const zip = await openZip(file)
  try {
    const entries = await entriesOf(zip)
    const own = entries.find(({ fileName }) => fileName === MANIFEST)
    if (own === undefined)
      throw new Error(`${file} is no backup of Palier: ${MANIFEST} is missing.`)
    const manifest = parseManifest(await text(await open(zip, own)))
    const byName = new Map(entries.map((entry) => [entry.fileName, entry]))
    for (const { path, size, sha256 } of manifest.files) {
      const entry = byName.get(path)
      const found = entry && (await extract(zip, entry, join(target, path)))
      if (found?.size !== size || found.sha256 !== sha256)
        throw new Error(`${path} is missing in the backup, or is not what was backed up.`)
    }
    return manifest
  } finally {
    zip.close()
  }
}

function openZip(file: string): Promise<ZipFile> {
  return new Promise((done, fail) => {
    yauzl.open(file, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error) fail(new Error(`${file} is no backup of Palier: ${error.message}`))
      else done(zip)
    })
  })
}

function entriesOf(zip: ZipFile): Promise<Entry[]> {
  return new Promise((done, fail) => {
    const entries: Entry[] = []
    zip.on('entry', (entry: Entry) => {
      entries.push(entry)
      zip.readEntry()
    })
    zip.once('end', () => done(entries))
    zip.once('error', fail)
    zip.readEntry()
  })
}

function open(zip: ZipFile, entry: Entry): Promise<NodeJS.ReadableStream> {
  return new Promise((done, fail) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) fail(error)
      else done(stream)
    })
  })
}

async function extract(zip: ZipFile, entry: Entry, target: string) {
  await mkdir(dirname(target), { recursive: true, mode: 0o700 })
  const digest = new Digest()
  const output = createWriteStream(target, { mode: 0o600, flush: true })
  await pipeline(await open(zip, entry), digest, output)
  return digest.summary(entry.fileName)
}

/** All folders and files at the top, except the store, which has been put back already. */
async function replaceFiles(incoming: string, dataDir: string, before: string): Promise<boolean> {
  const isOurs = (name: string): boolean =>
    !/^(restoring|before-restore)-/.test(name) && !['store', 'tmp', 'cache'].includes(name)
  const old = (await readdir(dataDir)).filter(isOurs)
  if (old.length > 0) await mkdir(before, { mode: 0o700 })
  for (const name of old) await rename(join(dataDir, name), join(before, name))
  for (const name of (await readdir(incoming)).filter(isOurs))
    await rename(join(incoming, name), join(dataDir, name))
  return old.length > 0
}
