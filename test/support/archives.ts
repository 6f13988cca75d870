import { buffer } from 'node:stream/consumers'
import { SaxesParser } from 'saxes'
import { fromBuffer, type Entry, type ZipFile } from 'yauzl'

/** The files of a zip by name. Throws where it is not whole. */
export async function unzipped(archive: Buffer): Promise<Map<string, Buffer>> {
  const zip = await new Promise<ZipFile>((done, fail) =>
    fromBuffer(archive, { lazyEntries: true }, (error, opened) =>
      opened ? done(opened) : fail(error),
    ),
  )
  const files = new Map<string, Buffer>()
  await new Promise<void>((done, fail) => {
    zip.on('error', fail).on('end', done)
    zip.on('entry', (entry: Entry) => {
      zip.openReadStream(entry, (error, stream) => {
        if (!stream) return fail(error)
        void buffer(stream).then((bytes) => {
          files.set(entry.fileName, bytes)
          zip.readEntry()
        }, fail)
      })
    })
    zip.readEntry()
  })
  return files
}

/** The cells of the only sheet of a workbook, row by row: texts as they are, numbers and dates as the numbers they are kept as. */
export async function sheetOf(workbook: Buffer): Promise<(string | number | null)[][]> {
  const files = await unzipped(workbook)
  for (const [name, bytes] of files) parseXml(name, bytes)
  const rows: (string | number | null)[][] = []
  const parser = new SaxesParser()
  let [text, isNumber] = ['', false]
  parser.on('opentag', ({ name }) => {
    if (name === 'row') rows.push([])
    if (name === 'c') [text, isNumber] = ['', false]
    if (name === 'v') isNumber = true
  })
  parser.on('text', (piece) => (text += piece))
  parser.on('closetag', ({ name }) => {
    if (name === 'c') rows.at(-1)?.push(isNumber ? Number(text) : text || null)
  })
  parser.write((files.get('xl/worksheets/sheet1.xml') ?? Buffer.of()).toString()).close()
  return rows
}

/** Throws where a part is not well-formed. */
function parseXml(name: string, bytes: Buffer): void {
  new SaxesParser({ fileName: name }).write(bytes.toString()).close()
}
