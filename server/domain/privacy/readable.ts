import { escapeHtml } from '../../http/safe-html.js'
import type { Translate } from '../../platform/i18n.js'
import { fateOf, type Kind } from './records.js'

/** What a value of more than this many characters is cut to; the whole of it is in the JSON beside. */
const longest = 2000

const style =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}' +
  'dl{display:grid;grid-template-columns:minmax(8rem,1fr) 3fr;gap:.25rem 1rem;border-top:1px solid #999;padding-top:.5rem}' +
  'dt{font-weight:600;overflow-wrap:anywhere}dd{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}'

// Plain templates: the parts of one page are written one after the other, and none of them is a page by itself.

/** The beginning of the readable page: whose data it is, and what the archive holds. */
export function pageStart(
  t: Translate,
  { language, name, at }: { language: string; name: string; at: string },
): string {
  const title = escapeHtml(t('privacy:export.title', { name }))
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}</style>`
  const lead = escapeHtml(t('privacy:export.lead', { at }))
  return `<!doctype html>\n<html lang="${language}"><head>${head}</head>\n<body><h1>${title}</h1><p>${lead}</p>\n`
}

/** The heading of one kind, with what becomes of its records when the person is erased. */
export function kindStart(t: Translate, kind: Kind): string {
  const fate = escapeHtml(t(`privacy:fates.${fateOf(kind).onErasure}`))
  return `<h2>${escapeHtml(t(kind.label))}</h2><p>${fate} <code>data/${kind.model}.json</code></p>\n`
}

/** One record as terms and values. */
export function recordHtml(record: object): string {
  const rows = flat(record, '').map(
    ([key, value]) => `<dt>${escapeHtml(key)}</dt><dd>${escapeHtml(cut(value))}</dd>`,
  )
  return `<dl>${rows.join('')}</dl>\n`
}

export const pageEnd = '</body></html>\n'

const cut = (value: string): string =>
  value.length > longest ? `${value.slice(0, longest)}…` : value

function flat(value: unknown, path: string): [string, string][] {
  if (value === null || value === undefined) return []
  if (value instanceof Date) return [[path, value.toISOString()]]
  if (typeof value !== 'object') return [[path, String(value)]]
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object'))
    return value.length > 0 ? [[path, value.join(', ')]] : []
  return Object.entries(value as object).flatMap(([key, inner]) =>
    flat(inner, path ? `${path}.${key}` : key),
  )
}
