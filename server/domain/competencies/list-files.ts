import type { z } from 'zod'
import type { ListFile } from '../../http/list-files.js'
import type { overviewShown } from './shown.js'

type Overview = z.output<typeof overviewShown>
type Line = Overview['items'][number]

interface Row {
  readonly line: Line
  readonly cell: Line['cells'][number]
}

/** How a unit stands, with a row for each unit or person and competency that is required, to take away. */
export const overviewFile: ListFile<Line, Overview, Row> = {
  name: 'competencies:unit.file',
  rows: (line) => line.cells.filter(({ people }) => people > 0).map((cell) => ({ line, cell })),
  columns: [
    { label: 'competencies:unit.name', value: ({ line }) => line.name },
    {
      label: 'competencies:unit.competency',
      value: ({ cell }, _, { competencies }) =>
        competencies.find(({ id }) => id === cell.competency)?.title,
    },
    { label: 'competencies:unit.required', kind: 'number', value: ({ cell }) => cell.people },
    { label: 'competencies:unit.reached', kind: 'number', value: ({ cell }) => cell.reached },
    { label: 'competencies:unit.level', kind: 'number', value: ({ cell }) => cell.level },
    { label: 'competencies:unit.target', kind: 'number', value: ({ cell }) => cell.target },
  ],
}
