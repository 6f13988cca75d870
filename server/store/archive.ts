import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { lockDirectory } from './lock.js'
import { Catalog, namespaceOf } from './storage/catalog.js'
import { checkDataFile } from './storage/damage.js'
import { Environment, idRange } from './storage/environment.js'

const DATA_FILE = 'data.mdb'

/** What a copy holds: documents and a digest of them, by collection. */
export type Contents = Readonly<
  Record<string, { readonly documents: number; readonly sha256: string }>
>

/** Copies a store, running or not, into a new directory; gives back what the copy holds. */
export async function backup(dataDir: string, target: string): Promise<Contents> {
  if (existsSync(join(target, DATA_FILE)))
    throw new Error(`${target} already holds a backup; name a new directory.`)
  requireStore(dataDir)
  const environment = new Environment(dataDir, { readOnly: true })
  try {
    await environment.backup(target)
  } finally {
    await environment.close()
  }
  return await contentsOf(target)
}

/**
 * Puts a backup in the place of a store that is not running, and proves that both hold the same.
 * What was there stays beside it as `data.mdb.before-restore`.
 */
export async function restore(source: string, dataDir: string): Promise<Contents> {
  requireStore(source)
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const expected = await contentsOf(source)
  const lock = await lockDirectory(dataDir)
  try {
    replaceData(source, dataDir)
    const found = await contentsOf(dataDir)
    if (JSON.stringify(found) !== JSON.stringify(expected))
      throw new Error('The restored store differs from the backup.')
    return found
  } finally {
    lock.release()
  }
}

function replaceData(source: string, dataDir: string): void {
  const data = join(dataDir, DATA_FILE)
  const incoming = `${data}.incoming`
  copyFileSync(join(source, DATA_FILE), incoming)
  if (existsSync(data)) renameSync(data, `${data}.before-restore`)
  rmSync(join(dataDir, 'lock.mdb'), { force: true })
  renameSync(incoming, data)
}

function requireStore(directory: string): void {
  if (!existsSync(join(directory, DATA_FILE)))
    throw new Error(`${directory} holds no store (${DATA_FILE} is missing).`)
  checkDataFile(directory)
}

/** Reads a whole store and sums up what it holds. */
export async function contentsOf(directory: string): Promise<Contents> {
  const environment = new Environment(directory, { readOnly: true })
  try {
    const collections = [...new Catalog(environment).all()]
    const summed = environment.snapshot((read) => {
      return collections.map((collection) => {
        const hash = createHash('sha256')
        let documents = 0
        for (const { value } of read(idRange(collection.id))) {
          hash.update(value)
          documents += 1
        }
        return [namespaceOf(collection), { documents, sha256: hash.digest('hex') }] as const
      })
    })
    return Object.fromEntries(summed)
  } finally {
    await environment.close()
  }
}
