import { stringify } from 'csv-stringify/sync'
import type { Download } from '../../http/routes.js'
import { formatFor } from '../../http/format.js'
import { messageOf } from '../../http/on-error.js'
import type { Translate } from '../../platform/i18n.js'
import { faultValues } from './checking.js'
import { RowModel, type Change, type Import, type Row } from './models.js'

const chunk = 500

/** Whose words are used. */
export interface Reader {
  readonly t: Translate
  readonly language: string
}

/** What became of each line, as a table for a spreadsheet. What could run there as a formula is made harmless. */
export const recapOf = (given: Import, reader: Reader): Download => ({
  name: `${given.file.replace(/\.\w+$/, '')}-${reader.t('imports:recap.name')}.csv`,
  body: lines(given, reader),
})

async function* lines(given: Import, reader: Reader): AsyncGenerator<string> {
  const { t } = reader
  const columns = ['line', 'name', 'outcome', 'changes', 'reason'] as const
  yield table([columns.map((column) => t(`imports:recap.${column}`))], true)
  const cursor = RowModel.find({ import: given._id }).sort({ line: 1 }).lean<Row[]>().cursor()
  let some: string[][] = []
  for await (const row of cursor as AsyncIterable<Row>) {
    some.push(cellsOf(row, reader))
    if (some.length < chunk) continue
    yield table(some)
    some = []
  }
  if (some.length > 0) yield table(some)
}

const table = (rows: readonly (readonly string[])[], bom = false): string =>
  stringify(rows as string[][], { bom, delimiter: ';', escape_formulas: true })

function cellsOf(row: Row, reader: Reader): string[] {
  const { t } = reader
  return [
    String(row.line),
    row.name,
    t(`imports:outcomes.${row.outcome}`),
    row.changes.map((change) => changeSaid(change, reader)).join('\n'),
    row.faults.map((fault) => messageOf(t, `imports:${fault.code}`, faultValues(fault))).join('\n'),
  ]
}

/** A change in the reader's words: what, from what, to what. */
export function changeSaid({ field, from, to }: Change, reader: Reader): string {
  const said = {
    field: reader.t(`imports:fields.${field}`),
    from: valueSaid(field, from, reader),
    to: valueSaid(field, to, reader),
  }
  return reader.t(from === null ? 'imports:changes.set' : 'imports:changes.changed', said)
}

function valueSaid(field: Change['field'], value: string | null, { t, language }: Reader): string {
  if (value === null) return t('imports:nothing')
  if (field === 'from' || field === 'until') return formatFor(language).date(value)
  if (field === 'status') return t(`people:status.${value}`)
  if (field === 'role') return t(`people:roles.${value}`)
  if (field === 'altitude') return t(`organisation:altitudes.${value}`)
  return field === 'language' ? t(`core:languages.${value}`) : value
}
