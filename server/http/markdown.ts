import MarkdownIt from 'markdown-it'
import sanitize from 'sanitize-html'
import { trusted, type SafeHtml } from './safe-html.js'

const parser = new MarkdownIt({ html: false, linkify: true, typographer: false })

const rules: sanitize.IOptions = {
  allowedTags: [
    ...[
      'p',
      'br',
      'hr',
      'h2',
      'h3',
      'h4',
      'h5',
      'h6',
      'strong',
      'em',
      's',
      'code',
      'pre',
      'blockquote',
    ],
    ...['ul', 'ol', 'li', 'a', 'img', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ],
  allowedAttributes: { a: ['href', 'rel'], img: ['src', 'alt'], ol: ['start'] },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowProtocolRelative: false,
  transformTags: {
    a: sanitize.simpleTransform('a', { rel: 'nofollow noopener' }),
  },
  // No reader's browser asks another host for anything: a picture is one of ours or none.
  exclusiveFilter: ({ tag, attribs }) => tag === 'img' && !/^\/(?!\/)/.test(attribs.src ?? ''),
}

/**
 * What a person wrote in Markdown, made harmless: no raw HTML, no script, no picture from elsewhere. Its headings begin
 * one level below `under`, that of the page's own heading above it, whichever level its author began with.
 */
export function markdown(text: string, under = 2): SafeHtml {
  const tokens = parser.parse(text, {})
  const headings = tokens.filter(({ type }) => /^heading_/.test(type))
  const highest = Math.min(...headings.map(({ tag }) => levelOf(tag)))
  for (const heading of headings) {
    heading.tag = `h${Math.min(6, under + 1 + levelOf(heading.tag) - highest)}`
  }
  const html = sanitize(parser.renderer.render(tokens, parser.options, {}), rules)
  // The corner of a table with headers on two sides is no header: a screen reader would announce nothing.
  return trusted(html.replace(/<th><\/th>/g, '<td></td>'))
}

const levelOf = (tag: string): number => Number(tag.slice(1))

/** The beginning of such a text without its marks, for a list or a mail. */
export function excerpt(text: string, length = 160): string {
  const plain = sanitize(parser.render(text), { allowedTags: [], allowedAttributes: {} })
  const line = plain.replace(/\s+/g, ' ').trim()
  const unescaped = line.replace(/&(lt|gt|quot|amp);/g, (_, name: string) => marks[name] ?? '')
  return unescaped.length > length ? `${unescaped.slice(0, length - 1).trimEnd()}…` : unescaped
}

const marks: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&' }
