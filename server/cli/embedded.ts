import type { Config } from '../config.js'
import type { Contents } from '../store/archive.js'

/** The settings, where they name the embedded store; with another database its own tools are the way. */
export function requireEmbedded(config: Config): Config {
  if (config.mongodbUri === undefined) return config
  throw new Error(
    'MONGODB_URI names a MongoDB: back it up with mongodump, restore it with mongorestore, ' +
      `and keep ${config.dataDir} beside it.`,
  )
}

/** `1204 documents of 31 collections`. */
export function contentsLine(contents: Contents): string {
  const collections = Object.values(contents)
  const documents = collections.reduce((sum, one) => sum + one.documents, 0)
  return `${documents} documents of ${collections.length} collections`
}

/** What whoever backs up or restores is told where S3_URL is set. */
export const elsewhere =
  'S3_URL names a bucket: uploaded files and packages are there, and in no backup of Palier.'
