import MarkdownIt from 'markdown-it'
import sanitize from 'sanitize-html'
import { trusted, type SafeHtml } from './safe-html.js'

const parser = new MarkdownIt({ html: false, linkify: true, typographer: false })

/** Headings of a text begin below those of the page it stands on. */
const lowered = Object.fromEntries(
  ['h1', 'h2', 'h3', 'h4'].map((tag, at) => [tag, sanitize.simpleTransform(`h${at + 3}`, {})]),
)

const rules: sanitize.IOptions = {
  allowedTags: [
    ...['p', 'br', 'hr', 'h3', 'h4', 'h5', 'h6', 'strong', 'em', 's', 'code', 'pre', 'blockquote'],
    ...['ul', 'ol', 'li', 'a', 'img', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ],
  allowedAttributes: { a: ['href', 'rel'], img: ['src', 'alt'], ol: ['start'] },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowProtocolRelative: false,
  transformTags: {
    ...lowered,
    a: sanitize.simpleTransform('a', { rel: 'nofollow noopener' }),
  },
  // No reader's browser asks another host for anything: a picture is one of ours or none.
  exclusiveFilter: ({ tag, attribs }) => tag === 'img' && !/^\/(?!\/)/.test(attribs.src ?? ''),
}

/** What a person wrote in Markdown, made harmless: no raw HTML, no script, no picture from elsewhere. */
export const markdown = (text: string): SafeHtml => trusted(sanitize(parser.render(text), rules))

/** The beginning of such a text without its marks, for a list or a mail. */
export function excerpt(text: string, length = 160): string {
  const plain = sanitize(parser.render(text), { allowedTags: [], allowedAttributes: {} })
  const line = plain.replace(/\s+/g, ' ').trim()
  const unescaped = line.replace(/&(lt|gt|quot|amp);/g, (_, name: string) => marks[name] ?? '')
  return unescaped.length > length ? `${unescaped.slice(0, length - 1).trimEnd()}…` : unescaped
}

const marks: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&' }
