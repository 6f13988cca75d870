import { formatFor } from '../../http/format.js'
import type { Translate } from '../../platform/i18n.js'
import type { Change } from './models.js'

/** Whose words are used. */
export interface Reader {
  readonly t: Translate
  readonly language: string
}

/** A change in the reader's words: what, from what, to what. */
export function changeSaid({ field, from, to }: Change, reader: Reader): string {
  const said = {
    field: reader.t(`imports:fields.${field}`),
    from: valueSaid(field, from, reader),
    to: valueSaid(field, to, reader),
  }
  return reader.t(from === null ? 'imports:changes.set' : 'imports:changes.changed', said)
}

function valueSaid(field: Change['field'], value: string | null, { t, language }: Reader): string {
  if (value === null) return t('imports:nothing')
  if (field === 'from' || field === 'until') return formatFor(language).date(value)
  if (field === 'status') return t(`people:status.${value}`)
  if (field === 'role') return t(`people:roles.${value}`)
  if (field === 'altitude') return t(`organisation:altitudes.${value}`)
  return field === 'language' ? t(`core:languages.${value}`) : value
}
