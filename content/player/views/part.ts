import type { Part, PartOutline } from '../course.js'
import { h } from '../dom.js'
import type { Screen } from '../flow.js'
import type { Session } from '../session.js'
import { sectionBody, writing } from '../widgets.js'

/** A section of a unit, the home page, a tool, the transfer task: words and what can be done with them. */
export function partScreen(session: Session, screen: Screen, part: Part): HTMLElement {
  const { part: outline, section } = screen
  const whole = part.sections.find(({ id }) => id === section.id)
  const body = whole ? sectionBody(session, whole, part.id) : undefined
  return h(
    'article',
    { class: `screen ${outline.kind}` },
    above(session, screen),
    h('h1', {}, section.title),
    body,
    outline.kind === 'home' && overview(session),
    outline.kind !== 'home' && outline.kind !== 'tool' && note(session, section.key),
  )
}

function above(session: Session, { part, section }: Screen): HTMLElement {
  const place = part.sections.indexOf(section) + 1
  const many = part.sections.length > 1
  const label = section.role
    ? session.text(`role.${section.role}`)
    : session.text(`kind.${part.kind}`)
  return h(
    'p',
    { class: 'above' },
    many && `${part.title} · `,
    h('span', { class: 'role' }, label),
    many && ` · ${session.text('of', { n: place, of: part.sections.length })}`,
  )
}

/** What the course holds, on its first page. */
function overview({ course, text }: Session): HTMLElement {
  const item = ({ id, title, summary, minutes }: PartOutline): HTMLElement =>
    h(
      'li',
      {},
      h('a', { href: `#/${id}` }, title),
      minutes ? h('span', { class: 'hint' }, ` ${text('minutes', { n: minutes })}`) : undefined,
      h('br'),
      summary,
    )
  const shown = course.parts.filter(({ kind }) => kind !== 'home' && kind !== 'tool')
  return h(
    'section',
    { class: 'overview' },
    h('h2', {}, text('contents')),
    h('ol', {}, ...shown.map(item)),
  )
}

function note(session: Session, key: string): HTMLElement {
  const about = h('p', {}, session.text('notes.here'))
  const details = h(
    'details',
    { class: 'my-note' },
    h('summary', {}, session.text('notes.mine')),
    writing(session, h('div', {}, about), key),
  )
  details.open = session.state.notes.has(key)
  return details
}

/** All sections of a part one below the other, to read at one go or to print. */
export function wholePart(session: Session, outline: PartOutline, part: Part): HTMLElement {
  const sections = part.sections.map((section) =>
    h('section', {}, h('h2', {}, section.title), lowered(sectionBody(session, section, part.id))),
  )
  return h('article', { class: 'screen whole' }, h('h1', {}, outline.title), ...sections)
}

/** Headings go one step down below a section that has become one of several. */
function lowered(body: HTMLElement): HTMLElement {
  for (const level of [3, 2]) {
    for (const heading of body.querySelectorAll(`h${level}`)) {
      heading.replaceWith(h(level === 3 ? 'h4' : 'h3', {}, ...heading.childNodes))
    }
  }
  return body
}
