import type { Answer, Program } from '../../../support/app.js'

/** Sends a file to be imported, as a program does. */
export function sendFile(
  program: Program,
  content: string | Uint8Array,
  fields: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', new Blob([content as BlobPart], { type: 'text/csv' }), 'people.csv')
  return program.send('POST', '/imports', form, { accept: 'application/json' })
}

/** The lines of an import, of whatever page. */
export interface RowShown {
  readonly line: number
  readonly name: string
  readonly outcome: string
  readonly person: string | null
  readonly changes: readonly { field: string; from: string | null; to: string | null }[]
  readonly errors: readonly { code: string; column: string | null; detail: string }[]
}

/** A table as a spreadsheet would write it, with semicolons. */
export const csv = (...rows: readonly (readonly string[])[]): string =>
  rows.map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(';')).join('\r\n')
