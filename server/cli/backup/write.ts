import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { now } from '../../platform/clock.js'
import { backup as copyStore } from '../../store/archive.js'
import { flushFolder } from './durable.js'
import { Digest, MANIFEST, STORE_DATA, type BackedUp, type Manifest } from './manifest.js'

/** Folders of the data directory that hold nothing worth keeping, and the store, which is copied apart. */
const LEFT_OUT = ['store', 'tmp', 'cache']

/**
 * Writes a data directory into one file while Palier may be running: the store as it is at one moment, then the files,
 * which are there before anything in the store names them. The file appears whole or not at all.
 */
export async function writeBackup(dataDir: string, target: string): Promise<Manifest> {
  if (existsSync(target)) throw new Error(`${target} is there already; name a new file.`)
  const file = resolve(target)
  const [partial, copy] = [`${file}.partial`, `${file}.store`]
  await mkdir(dirname(file), { recursive: true })
  try {
    const store = await copyStore(join(dataDir, 'store'), copy)
    const found = await filesOf(dataDir, [file, partial, copy])
    const manifest = await zip(partial, { dataDir, copy, found, store })
    await rename(partial, file)
    await flushFolder(dirname(file))
    return manifest
  } finally {
    await rm(copy, { recursive: true, force: true })
    await rm(partial, { force: true })
  }
}

/** Every file below a data directory that belongs in a backup, by its path from there. */
async function filesOf(dataDir: string, own: readonly string[]): Promise<string[]> {
  const entries = await readdir(dataDir, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !own.some((one) => path === one || path.startsWith(`${one}${sep}`)))
    .map((path) => relative(dataDir, path).split(sep).join('/'))
    .filter((path) => !isLeftOut(path))
    .sort()
}

const isLeftOut = (path: string): boolean =>
  LEFT_OUT.includes(path.split('/')[0] ?? '') || /^(restoring|before-restore)-/.test(path)

interface Contents {
  readonly dataDir: string
  readonly copy: string
  readonly found: readonly string[]
  readonly store: Manifest['store']
}

async function zip(target: string, { dataDir, copy, found, store }: Contents): Promise<Manifest> {
  const archive = new ZipFile()
  const output = createWriteStream(target, { mode: 0o600, flush: true })
  const written = pipeline(archive.outputStream, output)
  const adding = async (): Promise<Manifest> => {
    const files = [await addFile(archive, join(copy, 'data.mdb'), STORE_DATA)]
    for (const path of found) files.push(await addFile(archive, join(dataDir, path), path))
    const manifest: Manifest = { format: 1, made: now().toISOString(), store, files }
    archive.addBuffer(Buffer.from(JSON.stringify(manifest)), MANIFEST)
    archive.end()
    return manifest
  }
  const failed = written.then(() => new Promise<never>(() => undefined))
  const manifest = await Promise.race([adding(), failed])
  await written
  return manifest
}

/** What is packed already gains nothing from being packed again. */
const isPacked = (path: string): boolean =>
  /\.(zip|png|jpe?g|gif|webp|mp4|webm|mp3|woff2?)$/i.test(path)

function addFile(archive: ZipFile, path: string, name: string): Promise<BackedUp> {
  return new Promise((done, fail) => {
    archive.addReadStreamLazy(name, { compress: !isPacked(name), mode: 0o100600 }, (next) => {
      const digest = new Digest()
      const source = createReadStream(path)
      source.once('error', (error) =>
        fail(new Error(`${name} could not be read: ${error.message}`)),
      )
      digest.once('end', () => done(digest.summary(name)))
      next(null, source.pipe(digest))
    })
  })
}
