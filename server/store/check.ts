import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { lockDirectory } from './lock.js'
import { Catalog, namespaceOf } from './storage/catalog.js'
import { Environment } from './storage/environment.js'
import { inspect } from './storage/inspection.js'

/** What was read of a whole store, and what was found wrong in it. */
export interface Checked {
  readonly collections: number
  readonly documents: number
  readonly errors: readonly string[]
}

/** Reads every document and every index entry of a store that is not running. */
export async function checkStore(directory: string): Promise<Checked> {
  if (!existsSync(join(directory, 'data.mdb'))) throw new Error(`${directory} holds no store.`)
  const lock = await lockDirectory(directory)
  try {
    const environment = new Environment(directory, { readOnly: true })
    try {
      return checkCollections(environment)
    } finally {
      await environment.close()
    }
  } finally {
    lock.release()
  }
}

function checkCollections(environment: Environment): Checked {
  const collections = [...new Catalog(environment).all()].filter(({ view }) => view === undefined)
  const errors: string[] = []
  let documents = 0
  for (const collection of collections) {
    const steps = inspect(environment, collection)
    let step = steps.next()
    while (step.done !== true) step = steps.next()
    documents += step.value.records
    errors.push(...step.value.errors.map((error) => `${namespaceOf(collection)}: ${error}`))
  }
  return { collections: collections.length, documents, errors }
}
