import { formatFor, type Translate } from '#core'
import type { Seen } from './certificates.js'
import type { RecordReader } from './contract.js'
import type { Paper } from './pdf.js'
import type { TrainingRecord } from './record.js'

/** A training record as it is put on paper. */
export function recordPaper(
  { person, at, tables }: TrainingRecord,
  { t, language }: { readonly t: Translate; readonly language: string },
): Paper {
  const staffNumber =
    person.staffNumber && t('records:staff-number', { number: person.staffNumber })
  const who = [person.post, staffNumber].filter((text) => text !== null && text !== '')
  return {
    title: t('records:title', { name: person.name }),
    language,
    lines: who.map((text) => ({ text: String(text) })),
    tables,
    foot: [t('records:made', { at: formatFor(language).date(at) })],
  }
}

/** A certificate as it is put on paper, with where it can be confirmed. */
export function certificatePaper(
  { certificate: { _id, title, at, seconds }, name, institution, withdrawnAt }: Seen,
  { t, language, date, duration, address }: RecordReader & { readonly address: string },
): Paper {
  return {
    title: t('records:certificate.title'),
    language,
    lines: [
      { text: institution, size: 12 },
      { text: t('records:certificate.says', { name }), size: 14 },
      { text: title, size: 18 },
      { text: t('records:certificate.when', { at: date(at), time: duration(seconds) }), size: 12 },
      ...(withdrawnAt
        ? [{ text: t('records:certificate.withdrawn', { at: date(withdrawnAt) }), size: 12 }]
        : []),
    ],
    tables: [],
    foot: [
      t('records:certificate.number', { number: _id }),
      t('records:certificate.confirm', { address }),
    ],
  }
}
