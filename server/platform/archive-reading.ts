import { open as openFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { Refusal } from './archive-entries.js'

/** Opens a zip by its central directory. Throws a `Refusal` that says what is wrong with the file. */
export async function openZip(file: string): Promise<ZipFile> {
  await checkIsZip(file)
  return new Promise((done, fail) => {
    yauzl.open(
      file,
      {
        lazyEntries: true,
        autoClose: false,
        decodeStrings: true,
        validateEntrySizes: true,
        strictFileNames: false,
      },
      (error, zip) => {
        if (error) fail(refusalOf(error))
        else done(zip)
      },
    )
  })
}

/** Every entry of the central directory; refused on the count, before anything is read. */
export function entriesOf(zip: ZipFile, limit: number): Promise<Entry[]> {
  if (zip.entryCount > limit) throw new Refusal('archive-too-many-entries', { limit })
  return new Promise((done, fail) => {
    const entries: Entry[] = []
    zip.on('entry', (entry: Entry) => {
      entries.push(entry)
      zip.readEntry()
    })
    zip.once('end', () => done(entries))
    zip.once('error', (error: Error) => fail(refusalOf(error)))
    zip.readEntry()
  })
}

/** The content of an entry. Throws a `Refusal` for an encrypted entry or an unknown method. */
export function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((done, fail) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) fail(refusalOf(error))
      else done(stream)
    })
  })
}

async function checkIsZip(file: string): Promise<void> {
  const handle = await openFile(file, 'r')
  try {
    const { size } = await handle.stat()
    if (size === 0) throw new Refusal('archive-empty')
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0)
    const signature = buffer.readUInt32LE(0)
    if (size < 22 || ![0x04034b50, 0x06054b50, 0x08074b50].includes(signature)) {
      throw new Refusal('archive-not-zip')
    }
  } finally {
    await handle.close()
  }
}

const sayings: readonly (readonly [RegExp, string])[] = [
  [/end of central directory|truncated|unexpected EOF|out of bounds/i, 'archive-truncated'],
  [/encrypted/i, 'archive-encrypted'],
  [/compression method/i, 'archive-unsupported-method'],
  [/relative path|absolute path|invalid characters/i, 'archive-path-unsafe'],
  [/too many bytes|not enough bytes|size mismatch/i, 'archive-inconsistent'],
]

function refusalOf(error: Error): Error {
  if (error instanceof Refusal || 'syscall' in error) return error
  const [, code = 'archive-inconsistent'] =
    sayings.find(([words]) => words.test(error.message)) ?? []
  return new Refusal(code, { name: error.message.split(': ').slice(1).join(': ').slice(0, 200) })
}
