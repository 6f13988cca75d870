import { stringify } from 'csv-stringify/sync'
import type { Download } from '../../http/routes.js'
import type { Translate } from '../../platform/i18n.js'
import type { Field } from './columns.js'

const shown: readonly Field[] = [
  'staffNumber',
  'familyName',
  'givenName',
  'email',
  'unit',
  'post',
  'from',
  'until',
]

/** A file to begin with, in the reader's language: two people, one of them without an address. */
export function exampleFile(t: Translate): Download {
  const said = (key: string): string => t(`imports:example.${key}`)
  const rows = [
    shown.map((field) => t(`imports:fields.${field}`)),
    ['A0001', ...['familyName', 'givenName', 'email', 'unit', 'post'].map(said), '2027-01-04', ''],
    [
      'A0002',
      ...[said('other-familyName'), said('other-givenName'), '', said('unit'), said('other-post')],
      ...['2027-01-04', '2027-12-31'],
    ],
  ]
  const body = stringify(rows, { bom: true, delimiter: ';', escape_formulas: true })
  return { name: 'palier.csv', body }
}
