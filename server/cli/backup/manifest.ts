import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'
import { z } from 'zod'

/** Where a backup file says what it holds. */
export const MANIFEST = 'palier-backup.json'

/** Where the store's data lies in a backup file. */
export const STORE_DATA = 'store/data.mdb'

const schema = z.strictObject({
  format: z.literal(1),
  made: z.iso.datetime(),
  /** Documents and a digest of them, by collection. */
  store: z.record(z.string(), z.strictObject({ documents: z.number(), sha256: z.string() })),
  files: z.array(z.strictObject({ path: z.string(), size: z.number(), sha256: z.string() })),
})

/** What a backup holds, so that a restore can prove that it put back the same. */
export type Manifest = z.infer<typeof schema>

/** One file of a backup. */
export type BackedUp = Manifest['files'][number]

/** Reads a manifest; throws where it is none of this version. */
export function parseManifest(text: string): Manifest {
  const found = schema.safeParse(JSON.parse(text))
  if (found.success) return found.data
  throw new Error('The file is no backup that this version of Palier can read.')
}

/** Passes a file on, and knows its size and digest at the end. */
export class Digest extends Transform {
  readonly #hash = createHash('sha256')
  #size = 0

  override _transform(chunk: Buffer, _: BufferEncoding, next: (error: null, data: Buffer) => void) {
    this.#hash.update(chunk)
    this.#size += chunk.length
    next(null, chunk)
  }

  /** To be asked once, after the last byte. */
  summary(path: string): BackedUp {
    return { path, size: this.#size, sha256: this.#hash.digest('hex') }
  }
}
