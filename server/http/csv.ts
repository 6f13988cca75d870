import { stringify } from 'csv-stringify/sync'
import { formatFor } from './format.js'
import { dated, type Cell, type Kind, type Reader, type Table } from './list-files.js'
import type { Download } from './routes.js'

export const csvType = 'text/csv; charset=utf-8'

/**
 * A table as comma-separated values (RFC 4180) that a spreadsheet of the reader's country opens by a double click: with a
 * byte order mark, semicolons where the comma is for decimals, and nothing that runs as a formula.
 */
export function csvOf({ columns, rows }: Table, reader: Reader): Pick<Download, 'body' | 'type'> {
  return { type: csvType, body: lines() }

  async function* lines(): AsyncGenerator<string> {
    yield csvLines([columns.map(({ label }) => label)], reader.language, true)
    for await (const some of rows) {
      const written = some.map((cells) =>
        cells.map((cell, at) => fieldOf(cell, columns[at]?.kind, reader)),
      )
      yield csvLines(written, reader.language)
    }
  }
}

/** Lines of such a file. */
export const csvLines = (
  rows: readonly (readonly (string | number)[])[],
  language: string,
  isFirst = false,
): string =>
  stringify(rows as (string | number)[][], {
    bom: isFirst,
    record_delimiter: 'windows',
    delimiter: language === 'en' ? ',' : ';',
    escape_formulas: true,
    // Written here, and not before: a negative number is no formula, a text that begins so is.
    cast: { number: (value) => formatFor(language).number(value, { useGrouping: false }) },
  })

function fieldOf(cell: Cell, kind: Kind | undefined, { format }: Reader): string | number {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number') return cell
  return kind === 'day' || kind === 'moment' ? dated(cell, kind, format) : cell
}
