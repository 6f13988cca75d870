import { createReadStream } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { Invalid } from '../../errors.js'
import { isActiveName, mediaTypeOf } from '../../http/media-types.js'
import type { UploadedFile } from '../../http/routes.js'
import { storage } from '../../platform/storage.js'
import type { ActivityKind } from './models.js'

/** A file in the storage, and what it is called. */
export interface KeptFile {
  readonly hash: string
  readonly name: string
  readonly size: number
  readonly type: string
}

/** Keeps the file of a file or video activity. Throws `Invalid` for what is no file of that kind. */
export async function keepFile(
  file: UploadedFile,
  kind: Extract<ActivityKind, 'file' | 'video'>,
): Promise<KeptFile> {
  const name = file.name.slice(-200)
  if (file.size === 0) throw refusal('learning:file-empty')
  if (isActiveName(name)) throw refusal('learning:file-kind-refused')
  const type = mediaTypeOf(name)
  if (kind === 'video' && !(await isVideo(file, type))) throw refusal('learning:not-a-video')
  const { hash, size } = await storage.put(createReadStream(file.path))
  return { hash, size, name, type }
}

/** By its ending and by its first bytes: a browser plays both kinds everywhere. */
async function isVideo({ path }: UploadedFile, type: string): Promise<boolean> {
  const head = await buffer(createReadStream(path, { end: 11 }))
  if (type === 'video/mp4') return head.subarray(4, 8).toString('latin1') === 'ftyp'
  return type === 'video/webm' && head.subarray(0, 4).toString('hex') === '1a45dfa3'
}

const refusal = (code: string): Invalid => new Invalid(code, { errors: [{ path: 'file', code }] })
