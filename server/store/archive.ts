import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
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
