import { Invalid } from '../errors.js'
import type { Name } from '../kernel/contract.js'
import { now } from '../platform/clock.js'
import type { Translate } from '../platform/i18n.js'
import { csvOf } from './csv.js'
import type { Format } from './format.js'
import { batchOf } from './lists.js'
import type { Download } from './routes.js'
import { mostRows, workbookOf } from './workbook.js'

export type Cell = string | number | null | undefined

/** Whose words, dates and numbers are used. */
export interface Reader {
  readonly t: Translate
  readonly language: string
  readonly format: Format
}

export type Kind = 'text' | 'number' | 'day' | 'moment'

/** A column of a list as a file. `day` and `moment` are given in ISO 8601 and written in the reader's time zone. */
export interface Column<Row = never, Shown = never> {
  readonly label: Name
  readonly kind?: Kind
  value(row: Row, reader: Reader, shown: Shown): Cell
}

/** How a paged list is taken away: a row for each item, or those that `rows` makes of it. */
export interface ListFile<Item = never, Shown = never, Row = Item> {
  readonly name: Name
  readonly columns: readonly Column<Row, Shown>[]
  rows?(item: Item): readonly Row[]
}

/** That of any list. */
export type AnyListFile = ListFile<never, never, unknown>

/** A table that is written while it is fetched. */
export interface Table {
  readonly title: string
  readonly columns: readonly { readonly label: string; readonly kind: Kind }[]
  readonly rows: AsyncIterable<readonly (readonly Cell[])[]>
}

interface Part {
  readonly items: readonly never[]
  readonly next: string | null
  readonly total: number
}

export interface Asked {
  readonly file: AnyListFile
  readonly format: 'csv' | 'xlsx'
  readonly query: object
  readonly reader: Reader
  /** One part of the list, checked against its schema: what the page would show. */
  load(query: object): Promise<object>
}

/** A list as a file: all of its pages, filtered and sorted as the page is, written part by part. */
export async function listFile({ file, format, query, reader, load }: Asked): Promise<Download> {
  const first = (await load(batchOf(query, 1))) as Part
  if (format === 'xlsx' && first.total > mostRows) {
    throw new Invalid('core:too-many-rows', { values: { most: mostRows } })
  }
  const title = reader.t(file.name)
  const columns = file.columns.map(({ label, kind = 'text' }) => ({ label: reader.t(label), kind }))
  const table = { title, columns, rows: parts() }
  const name = `${fileName(title)}-${reader.format.sortable(now()).slice(0, 10)}.${format}`
  return { name, ...(format === 'csv' ? csvOf(table, reader) : workbookOf(table, reader)) }

  async function* parts(): AsyncGenerator<readonly (readonly Cell[])[]> {
    let part = first
    for (let page = 2; ; page++) {
      yield cellsOf(file, part, reader)
      if (!part.next) return
      part = (await load(batchOf(query, page))) as Part
    }
  }
}

function cellsOf({ columns, rows }: AnyListFile, part: Part, reader: Reader): Cell[][] {
  const shown = part as never
  const found = part.items.flatMap((item): readonly unknown[] => rows?.(item) ?? [item])
  return found.map((row) => columns.map(({ value }) => value(row, reader, shown)))
}

/** `2026-11-26` or `2026-11-26 14:32`, in the reader's time zone; a day without a time is in none. */
export function dated(iso: string, kind: 'day' | 'moment', format: Format): string {
  const at = iso.length > 10 ? format.sortable(iso) : iso
  return kind === 'day' ? at.slice(0, 10) : at
}

const fileName = (title: string): string =>
  title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '') || 'list'
