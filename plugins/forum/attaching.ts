import { storage, type UploadedFile } from '#core'
import { createReadStream } from 'node:fs'
import type { Attachment } from './models.js'

/** Keeps the file that came with a post, if one did. It is only ever offered as a download. */
export async function attachmentFrom(
  file: UploadedFile | undefined,
): Promise<Attachment | undefined> {
  if (!file || file.size === 0) return undefined
  const { hash, size } = await storage.put(createReadStream(file.path))
  return { hash, size, name: file.name.slice(-200) }
}
