import { setImmediate as turn } from 'node:timers/promises'
import { Readable } from 'node:stream'
import { parse, type CsvError, type Info, type Options } from 'csv-parse'
import { Invalid } from '../../errors.js'
import { decodeText, type Encoding } from '../../platform/encodings.js'

export const separators = [';', ',', '\t'] as const
export type Separator = (typeof separators)[number]

/** A line of a file: the number at which it begins, and its cells. */
export interface Line {
  readonly line: number
  readonly cells: readonly string[]
}

/** A file as it was read. */
export interface Table {
  readonly encoding: Encoding
  readonly separator: Separator
  readonly header: readonly string[]
  readonly lines: readonly Line[]
}

const mostLines = 50_000
const mostColumns = 100
const longestCell = 1000
const piece = 65_536

/**
 * Reads a file with commas, semicolons or tabs, in whichever encoding a spreadsheet wrote it. Throws `Invalid` with
 * `imports:empty`, `not-csv`, `encoding`, `malformed`, `too-many-lines` or `field-too-long`.
 */
export async function readTable(bytes: Uint8Array): Promise<Table> {
  if (isSpreadsheet(bytes)) throw refused('not-csv')
  const { text, encoding } = decodeText(bytes)
  refuseControls(text)
  const separator = separatorOf(text)
  const [header, ...lines] = await linesOf(text, separator)
  if (!header || lines.length === 0) throw refused('empty')
  if (header.cells.length > mostColumns) throw refused('malformed', { line: header.line })
  refuseLong(header.cells, lines)
  return { encoding, separator, header: header.cells.map(plain), lines }
}

/** What is said of a file as a whole. */
export const refused = (code: string, values: Record<string, string | number> = {}): Invalid =>
  new Invalid(`imports:${code}`, {
    values,
    errors: [{ path: 'file', code: `imports:${code}`, values }],
  })

/** A text on one line, without spaces at its ends. */
export const plain = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** A zip archive (xlsx, ods) or a compound file (xls). */
const isSpreadsheet = (bytes: Uint8Array): boolean =>
  ['504b0304', 'd0cf11e0'].includes(Buffer.from(bytes.subarray(0, 4)).toString('hex'))

function refuseControls(text: string): void {
  const at = text.indexOf('\0')
  if (at >= 0) throw refused('encoding', { line: text.slice(0, at).split('\n').length })
}

/** The mark that the first line has most of, outside its quotes. */
function separatorOf(text: string): Separator {
  const end = text.indexOf('\n')
  const head = text.slice(0, end < 0 ? undefined : end).replace(/"[^"]*"/g, '')
  const counted = separators.map((mark) => ({ mark, count: head.split(mark).length }))
  return counted.reduce((most, one) => (one.count > most.count ? one : most)).mark
}

const options: Options = {
  bom: true,
  info: true,
  relax_column_count: true,
  skip_empty_lines: true,
  skip_records_with_empty_values: true,
}

interface Parsed {
  readonly record: string[]
  readonly info: Info
}

async function linesOf(text: string, delimiter: Separator): Promise<Line[]> {
  const lines: Line[] = []
  let before = { lines: 0, empty_lines: 0 }
  let whole = 0
  const noteEnd = (record: string[], { lines: end }: Info): string[] => {
    whole = end
    return record
  }
  const parser = parse({ ...options, delimiter, on_record: noteEnd })
  try {
    for await (const { record, info } of Readable.from(pieces(text)).pipe(
      parser,
    ) as AsyncIterable<Parsed>) {
      lines.push({ line: startAfter(before, info), cells: record })
      before = info
      if (lines.length > mostLines + 1) throw refused('too-many-lines', { most: mostLines })
      if (lines.length % 500 === 0) await turn()
    }
  } catch (error) {
    if (error instanceof Invalid) throw error
    throw malformed(error as Partial<CsvError> & { lines?: number }, whole + 1)
  }
  return lines
}

function* pieces(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += piece) yield text.slice(at, at + piece)
}

/** A value with line breaks makes a record end further down than it begins. */
const startAfter = (
  before: Pick<Info, 'lines' | 'empty_lines'>,
  { empty_lines: empty }: Info,
): number => before.lines + 1 + empty - before.empty_lines

/** A quote that is never closed is noticed at the end of the file: what counts is where it was opened. */
const malformed = ({ code, lines }: { code?: string; lines?: number }, opened: number): Invalid =>
  refused('malformed', {
    line: code === 'CSV_QUOTE_NOT_CLOSED' ? opened : (lines ?? opened),
  })

function refuseLong(header: readonly string[], lines: readonly Line[]): void {
  for (const { line, cells } of [{ line: 1, cells: header }, ...lines]) {
    const at = cells.findIndex(({ length }) => length > longestCell)
    if (at < 0) continue
    const column = plain(header[at] ?? '').slice(0, 60) || String(at + 1)
    throw refused('field-too-long', { line, column, most: longestCell })
  }
}
