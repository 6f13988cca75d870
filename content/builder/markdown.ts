import MarkdownIt from 'markdown-it'
import type { Chunk } from './blocks.js'
import { escapeHtml } from './html.js'

/** How a chunk's links and images are turned into something a package holds; both report what is broken. */
export interface Resolver {
  link(href: string, line: number): { readonly href: string; readonly term?: string }
  image(source: string, alt: string, line: number): string
  readonly tableLabel: string
}

interface Environment {
  readonly resolver: Resolver
  readonly line: number
  readonly text: string
}

const parser = new MarkdownIt({ html: false, linkify: false, typographer: false })

/** Renders prose as HTML. Raw HTML in it is shown as text. */
export function renderProse({ text, line }: Chunk, resolver: Resolver): string {
  return finish(parser.render(text, { resolver, line, text } satisfies Environment))
}

/** Renders a phrase, without a paragraph around it. */
export function renderPhrase({ text, line }: Chunk, resolver: Resolver): string {
  return finish(parser.renderInline(text, { resolver, line, text } satisfies Environment))
}

const finish = (html: string): string =>
  html
    .replace(
      /<li>(\s*<p>)?\[ \] /g,
      '<li class="tick">$1<span class="box" aria-hidden="true"></span> ',
    )
    .replace(/_{4,}/g, '<span class="blank"></span>')
    .replace(/\{\{\s*([a-z][a-z0-9-]*)\s*\}\}/g, '<b data-variable="$1"></b>')
    .replace(/<th([^>]*)><\/th>/g, '<td$1></td>')
    .replace(/<th>|<th style=/g, (found) => found.replace('<th', '<th scope="col"'))
    .replace(/ style="text-align:(\w+)"/g, ' class="$1"')

/** markdown-it types what it hands through as unknown; it is what the two functions above gave it. */
const environmentOf = (given: unknown): Environment => given as Environment

/** Lines are known per block only: an inline thing is looked for from there on. */
function lineOf(environment: Environment, needle: string): number {
  const at = environment.text.split('\n').findIndex((each) => each.includes(needle))
  return environment.line + Math.max(at, 0)
}

parser.renderer.rules.image = (...[tokens, at, , given]) => {
  const environment = environmentOf(given)
  const token = tokens[at]
  const source = String(token?.attrGet('src') ?? '')
  const caption = String(token?.attrGet('title') ?? '')
  const drawing = environment.resolver.image(
    source,
    token?.content ?? '',
    lineOf(environment, `](${source}`),
  )
  const below = caption ? `<figcaption>${escapeHtml(caption)}</figcaption>` : ''
  return `<figure>${drawing}${below}</figure>`
}

parser.renderer.rules.link_open = (...[tokens, at, , given]) => {
  const environment = environmentOf(given)
  const written = decodeURI(String(tokens[at]?.attrGet('href') ?? ''))
  const { href, term } = environment.resolver.link(written, lineOf(environment, `](${written}`))
  if (term) return `<a href="${escapeHtml(href)}" data-term="${escapeHtml(term)}">`
  if (!/^https:/.test(href)) return `<a href="${escapeHtml(href)}">`
  return `<a href="${escapeHtml(href)}" target="_blank" rel="noopener noreferrer">`
}

parser.renderer.rules.table_open = (...[, , , given]) =>
  `<div class="scroll" role="group" tabindex="0" aria-label="${escapeHtml(environmentOf(given).resolver.tableLabel)}"><table>`
parser.renderer.rules.table_close = () => '</table></div>'

/** A paragraph that is a picture alone is a figure, which cannot stand in a paragraph. */
parser.core.ruler.push('figures', (state) => {
  state.tokens.forEach((token, at) => {
    if (token.type !== 'inline' || token.children?.length !== 1) return
    if (token.children[0]?.type !== 'image') return
    const [before, after] = [state.tokens[at - 1], state.tokens[at + 1]]
    if (before?.type !== 'paragraph_open' || after?.type !== 'paragraph_close') return
    before.hidden = true
    after.hidden = true
  })
})

const validate = parser.validateLink.bind(parser)
parser.validateLink = (url) => /^term:/.test(url) || validate(url)
