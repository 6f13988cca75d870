import type { z } from 'zod'
import type { ListFile } from '../../http/list-files.js'
import type { pairLine } from './shown.js'

/** Possible duplicates, to take away. */
export const pairsFile: ListFile<z.output<typeof pairLine>> = {
  name: 'merging:pairs.title',
  columns: [
    {
      label: 'merging:pairs.reasons',
      value: ({ reasons }, { t }) =>
        reasons.map((reason) => t(`merging:reasons.${reason}`)).join(', '),
    },
    ...(['kept', 'lost'] as const).flatMap((side) => [
      {
        label: `merging:pairs.${side}` as const,
        value: (pair: z.output<typeof pairLine>) => pair[side].name,
      },
      {
        label: 'organisation:people.staff-number' as const,
        value: (pair: z.output<typeof pairLine>) => pair[side].staffNumber,
      },
      {
        label: 'organisation:people.email' as const,
        value: (pair: z.output<typeof pairLine>) => pair[side].email,
      },
      {
        label: 'organisation:people.unit' as const,
        value: (pair: z.output<typeof pairLine>) => pair[side].unit?.name,
      },
    ]),
    { label: 'merging:pairs.found', kind: 'day', value: ({ foundAt }) => foundAt },
  ],
}
