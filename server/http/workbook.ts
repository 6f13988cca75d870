import { Readable } from 'node:stream'
import { zipOf } from '../platform/zip-writing.js'
import { dated, type Cell, type Kind, type Reader, type Table } from './list-files.js'
import type { Download } from './routes.js'

export const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** Rows of a sheet below its headings (ECMA-376, 18.3.1.73). */
export const mostRows = 1_048_575
const longestText = 32_767

/**
 * A table as an Office Open XML workbook (ECMA-376) of one sheet, written while its rows are fetched: headings that stay in
 * view, a filter on each, dates and numbers as such. Texts are written as texts, so none is a formula.
 */
export const workbookOf = (table: Table, reader: Reader): Pick<Download, 'body' | 'type'> => ({
  type: workbookType,
  body: zipOf([
    ...fixedParts(table.title).map(([path, text]) => ({ path, read: () => Readable.from([text]) })),
    { path: 'xl/worksheets/sheet1.xml', read: () => sheet(table, reader) },
  ]),
})

async function* sheet({ columns, rows }: Table, reader: Reader): AsyncGenerator<string> {
  const widths = columns.map(
    ({ kind }, at) =>
      `<col min="${at + 1}" max="${at + 1}" width="${widthOf[kind]}" customWidth="1"/>`,
  )
  const head = columns.map(({ label }) => textCell(label, styles.heading))
  yield `${declaration}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${widths.join('')}</cols><sheetData><row>${head.join('')}</row>`
  let count = 1
  for await (const some of rows) {
    count += some.length
    yield some.map((cells) => `<row>${rowCells(cells, columns, reader)}</row>`).join('')
  }
  yield `</sheetData><autoFilter ref="A1:${columnName(columns.length)}${count}"/></worksheet>`
}

const rowCells = (cells: readonly Cell[], columns: Table['columns'], reader: Reader): string =>
  cells.map((cell, at) => cellOf(cell, columns[at]?.kind, reader)).join('')

const styles = { plain: 0, heading: 1, day: 2, moment: 3 } as const
const widthOf = { text: 28, number: 12, day: 14, moment: 18 } as const

function cellOf(cell: Cell, kind: Kind | undefined, { format }: Reader): string {
  if (cell === null || cell === undefined || cell === '') return '<c/>'
  if (typeof cell === 'number') return `<c><v>${cell}</v></c>`
  if (kind !== 'day' && kind !== 'moment') return textCell(cell, styles.plain)
  return `<c s="${styles[kind]}"><v>${serialOf(dated(cell, kind, format))}</v></c>`
}

/** Days since 30 December 1899, as spreadsheets count them (ECMA-376, 18.17.4.1). */
const serialOf = (at: string): number =>
  (Date.parse(`${at.replace(' ', 'T').padEnd(16, 'T00:00').slice(0, 16)}Z`) - epoch) / 86_400_000
const epoch = Date.UTC(1899, 11, 30)

const textCell = (text: string, style: number): string =>
  `<c s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(text.slice(0, longestText))}</t></is></c>`

/** What XML 1.0 cannot hold is left out. */
const escaped = (text: string): string =>
  text
    // eslint-disable-next-line no-control-regex -- those are the ones meant
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Cs}/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

function columnName(count: number): string {
  const rest = Math.floor((count - 1) / 26)
  return (rest > 0 ? columnName(rest) : '') + String.fromCharCode(65 + ((count - 1) % 26))
}

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packaging = 'http://schemas.openxmlformats.org/package/2006'
const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** A sheet's name is at most 31 characters, some of which it may not have. */
const sheetName = (title: string): string =>
  escaped(title.replace(/[\\/?*[\]:']/g, ' ').slice(0, 31))

const fixedParts = (title: string): [string, string][] => [
  [
    '[Content_Types].xml',
    `${declaration}<Types xmlns="${packaging}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${spreadsheet}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${spreadsheet}.styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${spreadsheet}.worksheet+xml"/></Types>`,
  ],
  [
    '_rels/.rels',
    `${declaration}<Relationships xmlns="${packaging}/relationships"><Relationship Id="r1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ],
  [
    'xl/workbook.xml',
    `${declaration}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="${sheetName(title)}" sheetId="1" r:id="r1"/></sheets></workbook>`,
  ],
  [
    'xl/_rels/workbook.xml.rels',
    `${declaration}<Relationships xmlns="${packaging}/relationships"><Relationship Id="r1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
  ],
  [
    'xl/styles.xml',
    `${declaration}<styleSheet xmlns="${main}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/><xf xfId="0" numFmtId="14" applyNumberFormat="1"/><xf xfId="0" numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>`,
  ],
]
