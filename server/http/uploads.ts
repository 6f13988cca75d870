import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import multer, { MulterError, type StorageEngine } from 'multer'
import { Invalid, TooLarge, type AppError } from '../errors.js'
import { prepareTemporary } from '../platform/storage.js'
import type { UploadedFile, UploadRules } from './routes.js'

let folder = ''

/** Where files wait until their route has taken them. What a crash left there is removed at the start. */
export async function prepareUploads(dataDir: string): Promise<void> {
  folder = join(dataDir, 'tmp', 'uploads')
  await prepareTemporary(folder)
}

/**
 * Reads a multipart form: its one file to disk with its hash, its other fields to `req.body`.
 * Throws `TooLarge('core:upload-too-large')` or `Invalid('core:upload-unreadable')`. The file is gone after the response.
 */
export async function readUpload(
  req: Request,
  res: Response,
  rules: UploadRules,
): Promise<UploadedFile | undefined> {
  const fields = [rules.field].flat()
  const read = multer({
    storage: diskWithHash,
    defParamCharset: 'utf8',
    limits: { fileSize: rules.maxBytes, files: 1, fields: 100, fieldSize: 100_000, parts: 101 },
  }).fields(fields.map((name) => ({ name, maxCount: 1 })))
  await new Promise<void>((done, fail) => {
    read(req, res, (error: unknown) => {
      if (error) fail(refusal(error, rules))
      else done()
    })
  })
  const [file] = Object.values(req.files ?? {}).flat() as (Express.Multer.File & {
    sha256: string
  })[]
  if (!file) return undefined
  res.once('close', () => void rm(file.path, { force: true }))
  return { path: file.path, name: file.originalname, size: file.size, sha256: file.sha256 }
}

const diskWithHash: StorageEngine = {
  _handleFile(_req, file, done) {
    const path = join(folder, randomUUID())
    const hash = createHash('sha256')
    let size = 0
    const count = new Transform({
      transform(chunk: Buffer, _encoding, next) {
        hash.update(chunk)
        size += chunk.length
        next(null, chunk)
      },
    })
    pipeline(file.stream, count, createWriteStream(path, { mode: 0o600 })).then(
      () => done(null, { path, size, sha256: hash.digest('hex') } as Partial<Express.Multer.File>),
      (error: unknown) => void rm(path, { force: true }).then(() => done(error)),
    )
  },
  _removeFile(_req, file, done) {
    void rm(file.path, { force: true }).then(() => done(null))
  },
}

function refusal(error: unknown, { maxBytes, field }: UploadRules): unknown {
  if (error instanceof MulterError && error.code === 'LIMIT_FILE_SIZE') {
    return new TooLarge('core:upload-too-large', {
      values: { megabytes: Math.round(maxBytes / 1e5) / 10 },
    })
  }
  return isFault(error) ? error : unreadable([field].flat()[0] ?? '', error)
}

const unreadable = (field: string, cause: unknown): AppError =>
  new Invalid(
    'core:upload-unreadable',
    { errors: [{ path: field, code: 'core:upload-unreadable' }] },
    { cause },
  )

/** A full or broken disk is ours to answer for; anything else is the form's fault. */
const isFault = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'syscall' in error
