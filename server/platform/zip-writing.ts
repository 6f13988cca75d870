import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import { now } from './clock.js'

/** A file of a zip, read when its turn has come. */
export interface ZippedFile {
  readonly path: string
  read(): AsyncIterable<string | Uint8Array>
}

/** A zip that is written while it is sent. What fails breaks it off, rather than leaving one that looks whole. */
export async function* zipOf(
  files: AsyncIterable<ZippedFile> | Iterable<ZippedFile>,
): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile()
  const bytes = zip.outputStream as Readable
  const breakOff = (error: Error): void => void bytes.destroy(error)
  zip.on('error', breakOff)
  for await (const { path, read } of files) {
    zip.addReadStreamLazy(path, { mtime: now() }, (given) => {
      given(null, Readable.from(read(), { objectMode: false }).on('error', breakOff))
    })
  }
  zip.end()
  yield* bytes as AsyncIterable<Uint8Array>
}
