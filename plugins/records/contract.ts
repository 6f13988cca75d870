import type { Id, Name, Translate } from '#core'

/** A cell of a table: a text, or a text that leads somewhere, in its own language. */
export type Cell =
  string | { readonly text: string; readonly href: string; readonly lang?: string | undefined }

/** A table of a training record: on the page, and in the file. */
export interface RecordTable {
  readonly heading: string
  readonly columns: string[]
  readonly rows: Cell[][]
}

/** For whom a part of a record is written, and how. */
export interface RecordReader {
  readonly t: Translate
  readonly language: string
  /** A date as the reader writes it. */
  date(at: Date | string): string
  duration(seconds: number): string
}

/** What another plugin adds to the training record of a person. A table without rows is left out. */
export interface RecordSection {
  readonly id: Name
  readonly order: number
  load(person: Id, reader: RecordReader): Promise<RecordTable>
}

declare module '#core' {
  interface Contributions {
    recordSections: RecordSection
  }
}
