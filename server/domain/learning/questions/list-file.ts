import type { z } from 'zod'
import type { ListFile } from '../../../http/list-files.js'
import type { questionLine } from './forms.js'

/** The questions of a package, to take away. */
export const questionsFile: ListFile<z.output<typeof questionLine>> = {
  name: 'learning:questions.title',
  columns: [
    { label: 'learning:questions.number', kind: 'number', value: ({ place }) => place },
    { label: 'learning:questions.part', value: ({ part }) => part },
    { label: 'learning:questions.question', value: ({ text }) => text },
    {
      label: 'learning:questions.kind',
      value: ({ kind }, { t }) => t(`learning:questions.kinds.${kind}`),
    },
    { label: 'learning:questions.answers', kind: 'number', value: ({ answers }) => answers },
    {
      label: 'learning:questions.share-right',
      kind: 'number',
      value: ({ right }) => rounded(right),
    },
    {
      label: 'learning:questions.discrimination',
      kind: 'number',
      value: ({ discrimination }) => rounded(discrimination),
    },
    {
      label: 'learning:questions.reading',
      value: ({ reading }, { t }) => t(`learning:questions.readings.${reading}`),
    },
    { label: 'learning:questions.seconds', kind: 'number', value: ({ seconds }) => seconds },
    {
      label: 'learning:questions.right-answer',
      value: ({ rightAnswers }) => rightAnswers.join('; '),
    },
    {
      label: 'learning:questions.given',
      value: ({ given }) => given.map(({ text, count }) => `${text}: ${count}`).join('; '),
    },
  ],
}

const rounded = (value: number | null): number | null =>
  value === null ? null : Math.round(value * 1000) / 1000
