import type { z } from 'zod'
import type { ListFile } from '../../http/list-files.js'
import type { importLine, rowShown } from './shown.js'

/** The imports, to take away. */
export const importsFile: ListFile<z.output<typeof importLine>> = {
  name: 'imports:title',
  columns: [
    { label: 'imports:table.file', value: ({ file }) => file },
    { label: 'imports:table.unit', value: ({ unit }) => unit.name },
    { label: 'imports:table.by', value: ({ by }) => by },
    { label: 'imports:table.at', kind: 'moment', value: ({ at }) => at },
    { label: 'imports:table.lines', kind: 'number', value: ({ lines }) => lines },
    { label: 'imports:table.status', value: ({ status }, { t }) => t(`imports:status.${status}`) },
  ],
}

/** What became of each line of a file, to take away. */
export const rowsFile: ListFile<z.output<typeof rowShown>> = {
  name: 'imports:recap.title',
  columns: [
    { label: 'imports:recap.line', kind: 'number', value: ({ line }) => line },
    { label: 'imports:rows.name', value: ({ name }) => name },
    {
      label: 'imports:recap.outcome',
      value: ({ outcome }, { t }) => t(`imports:outcomes.${outcome}`),
    },
    {
      label: 'imports:recap.changes',
      value: ({ changes }) => changes.map(({ text }) => text).join('\n'),
    },
    {
      label: 'imports:recap.reason',
      value: ({ errors }) => errors.map(({ detail }) => detail).join('\n'),
    },
  ],
}
