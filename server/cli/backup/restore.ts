import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { text } from 'node:stream/consumers'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { now } from '../../platform/clock.js'
import { contentsOf } from '../../store/archive.js'
import { lockDirectory } from '../../store/lock.js'
import { UnfinishedRestore } from '../../store/unfinished-restore.js'
import { flushFolders } from './durable.js'
import { Digest, MANIFEST, parseManifest, type Manifest } from './manifest.js'
import { beginSwap, swapSteps, unfinishedSwap, type Swap } from './swap.js'

/** What a restore put back, and where that lies which was there before. */
export interface Restored {
  readonly manifest: Manifest
  readonly before: string
}

/**
 * Puts a backup back into a data directory whose Palier is not running. Everything is unpacked beside it and compared with
 * what the backup says of itself before anything is replaced. From then on the restore can only be finished: what it has
 * not wholly put in its place is refused at start. What was there is kept.
 */
export async function restoreBackup(file: string, dataDir: string): Promise<Restored> {
  if (!existsSync(file)) throw new Error(`${file} is not there.`)
  return await alone(dataDir, async () => {
    if ((await unfinishedSwap(dataDir)) !== undefined) throw new UnfinishedRestore(dataDir)
    await removeLeftovers(dataDir)
    const stamp = now().toISOString().replace(/[:.]/g, '-')
    const names = { incoming: `restoring-${stamp}`, before: `before-restore-${stamp}` }
    const manifest = await unpackBeside(file, join(dataDir, names.incoming))
    await finish(dataDir, await beginSwap(dataDir, names))
    return { manifest, before: join(dataDir, names.before) }
  })
}

/** Finishes the restore that was interrupted while it put things in their places. */
export async function resumeRestore(dataDir: string): Promise<Pick<Restored, 'before'>> {
  return await alone(dataDir, async () => {
    const swap = await unfinishedSwap(dataDir)
    if (swap === undefined) throw new Error(`No restore into ${dataDir} was interrupted.`)
    await finish(dataDir, swap)
    return { before: join(dataDir, swap.before) }
  })
}

/** Does something while no store can be running in a data directory. */
async function alone<T>(dataDir: string, action: () => Promise<T>): Promise<T> {
  const directory = join(dataDir, 'store')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const lock = await lockDirectory(directory)
  return await action().finally(() => lock.release())
}

/** What was unpacked by a restore that replaced nothing is worth nothing. */
async function removeLeftovers(dataDir: string): Promise<void> {
  const left = (await readdir(dataDir)).filter((name) => name.startsWith('restoring-'))
  for (const name of left) await rm(join(dataDir, name), { recursive: true, force: true })
}

/** Unpacks a backup and proves that it holds what it says; leaves nothing behind when it does not. */
async function unpackBeside(file: string, incoming: string): Promise<Manifest> {
  await mkdir(incoming, { recursive: true, mode: 0o700 })
  try {
    const manifest = await unpack(file, incoming)
    const found = await contentsOf(join(incoming, 'store'))
    if (JSON.stringify(sorted(found)) !== JSON.stringify(sorted(manifest.store)))
      throw new Error('The store in the backup is not what the backup says it holds.')
    await flushFolders(incoming)
    return manifest
  } catch (error) {
    await rm(incoming, { recursive: true, force: true })
    throw error
  }
}

async function finish(dataDir: string, swap: Swap): Promise<void> {
  const steps = swapSteps(dataDir, swap)
  while ((await steps.next()).done !== true);
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
