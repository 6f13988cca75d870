import type { ListFile } from '#core'
import type { z } from 'zod'
import { marks } from './sheet.js'
import type { remarkLine, statementLine } from './shown.js'

const twoDecimals = (value: number): number => Math.round(value * 100) / 100

/** The totals of a course, to take away. */
export const resultsFile: ListFile<z.output<typeof statementLine>> = {
  name: 'evaluation:results.title',
  columns: [
    {
      label: 'evaluation:results.statement',
      value: ({ statement }, { t }) => t(`evaluation:statements.${statement}`),
    },
    { label: 'evaluation:results.answers', kind: 'number', value: ({ answers }) => answers },
    { label: 'evaluation:results.mean', kind: 'number', value: ({ mean }) => twoDecimals(mean) },
    ...marks.map((mark, at) => ({
      label: `evaluation:marks.${mark}` as const,
      kind: 'number' as const,
      value: ({ given }: z.output<typeof statementLine>) => given[at]?.count,
    })),
  ],
}

/** What was written, to take away. */
export const remarksFile: ListFile<z.output<typeof remarkLine>> = {
  name: 'evaluation:remarks.title',
  columns: [
    {
      label: 'evaluation:remarks.about',
      value: ({ about }, { t }) => t(`evaluation:remarks.${about}`),
    },
    { label: 'evaluation:remarks.text', value: ({ text }) => text },
  ],
}
