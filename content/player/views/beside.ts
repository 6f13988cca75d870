import type { Part, Term } from '../course.js'
import { h } from '../dom.js'
import { screenOf } from '../flow.js'
import type { Session } from '../session.js'

/** The whole glossary; each word can be led to. */
export function glossaryScreen({ text }: Session, terms: readonly Term[]): HTMLElement {
  const list = terms.flatMap(({ id, title, html }) => [
    h('dt', { id, tabindex: -1 }, title),
    h('dd', { html }),
  ])
  return h(
    'article',
    { class: 'screen glossary' },
    h('h1', {}, text('glossary')),
    h('dl', { class: 'prose' }, ...list),
  )
}

/** Everything the learner wrote, by place, ready to print. */
export function notesScreen({ course, state, text }: Session, parts: readonly Part[]): HTMLElement {
  const written = parts.flatMap((part) => {
    const outline = course.parts.find(({ id }) => id === part.id)
    if (!outline) return []
    return part.sections.flatMap((section) => {
      const keys = [section.key, ...section.widgets.flatMap((widget) => keyOf(widget))]
      const notes = keys.flatMap((key) => state.notes.get(key) ?? [])
      const at = outline.sections.find(({ id }) => id === section.id)
      if (notes.length === 0 || !at) return []
      const { path } = screenOf(outline, at)
      return [
        h('h2', {}, h('a', { href: `#/${path}` }, section.title)),
        ...notes.map((note) => h('p', { class: 'written' }, note)),
      ]
    })
  })
  return h(
    'article',
    { class: 'screen notes' },
    h('h1', {}, text('notes')),
    h('p', { class: 'hint' }, text('notes.kept')),
    ...(written.length > 0 ? written : [h('p', {}, text('notes.none'))]),
  )
}

const keyOf = (widget: Part['sections'][number]['widgets'][number]): string[] =>
  widget.type === 'reflect' ? [widget.key] : []
