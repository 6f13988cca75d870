import type { PartOutline } from './course.js'
import { focusOn, h } from './dom.js'
import { screenOf, type Screen } from './flow.js'
import { isDone, standingOf } from './standing.js'
import type { Saved, Session } from './session.js'

export interface Shell {
  /** Puts a screen in the middle, its neighbours below it, and marks where one is. */
  show(view: View): void
  /** Draws anew what has been done so far. */
  refresh(): void
  /** Says how the last saving went. */
  saved(saved: Saved): void
}

export interface View {
  readonly title: string
  readonly element: HTMLElement
  readonly path: string
  readonly before?: Screen | undefined
  readonly after?: Screen | undefined
  /** Where printing leads when it is not this screen alone. */
  readonly whole?: string | undefined
  readonly focus: boolean
}

/** The frame around every screen: title, progress, contents, and the way on. */
export function openShell(session: Session): Shell {
  const { course, text } = session
  const main = h('main', { id: 'main' })
  const list = h('div', {})
  const nav = h('nav', { id: 'contents', 'aria-label': text('contents') }, list)
  const progress = h('progress', { max: 100, 'aria-label': text('progress') })
  const percent = h('span', { class: 'percent' })
  const savedText = h('p', { class: 'saved' })
  let path = ''
  const refresh = (): void => {
    const done = Math.round(standingOf(course, session.state).progress * 100)
    progress.value = done
    percent.textContent = text('percent', { n: done })
    list.replaceChildren(...contents(session, path))
  }
  const share = h('span', { class: 'progress' }, progress, percent)
  const title = h('p', { class: 'course-title' }, course.title)
  document.body.replaceChildren(
    h('a', { class: 'skip', href: '#main', onclick: (event) => skip(event, main) }, text('skip')),
    h('header', {}, toggleOf(nav, text('contents')), title, share),
    nav,
    main,
    h('footer', {}, savedText),
    h('div', { id: 'say', role: 'status', class: 'unseen' }),
  )
  return {
    refresh,
    saved: (saved) => void (savedText.textContent = text(`saved.${saved}`)),
    show(view) {
      path = view.path
      document.title = `${view.title} · ${course.title}`
      main.replaceChildren(view.element, way(session, view))
      refresh()
      scrollTo(0, 0)
      if (view.focus) focusOn(main.querySelector('h1') ?? main)
    },
  }
}

/** Opens and closes the contents where the screen is too narrow to hold them beside the text. */
function toggleOf(nav: HTMLElement, label: string): HTMLElement {
  const toggle = h(
    'button',
    { type: 'button', class: 'toggle', 'aria-expanded': 'false', 'aria-controls': nav.id },
    label,
  )
  const isOpen = (): boolean => toggle.getAttribute('aria-expanded') === 'true'
  const open = (wanted: boolean): void => {
    document.body.classList.toggle('contents-open', wanted)
    toggle.setAttribute('aria-expanded', String(wanted))
  }
  toggle.addEventListener('click', () => open(!isOpen()))
  nav.addEventListener('click', ({ target }) => {
    if (target instanceof HTMLAnchorElement) open(false)
  })
  addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || !isOpen()) return
    open(false)
    toggle.focus()
  })
  return toggle
}

/** The address after `#` is the course's own: a skip link must not change it. */
function skip(event: Event, main: HTMLElement): void {
  event.preventDefault()
  focusOn(main.querySelector('h1') ?? main)
}

function contents(session: Session, path: string): HTMLElement[] {
  const { course, text } = session
  const way = course.parts.filter(({ kind }) => kind !== 'tool')
  const tools = course.parts.filter(({ kind }) => kind === 'tool')
  const beside = [
    ...(course.hasGlossary ? [link('glossary', text('glossary'), path)] : []),
    link('notes', text('notes'), path),
  ].map((each) => h('li', {}, each))
  return [
    h('ol', { role: 'list' }, ...way.map((part) => entry(session, part, path))),
    ...(tools.length > 0 ? [h('p', { class: 'group', id: 'tools' }, text('tools'))] : []),
    ...(tools.length > 0
      ? [
          h(
            'ul',
            { role: 'list', 'aria-labelledby': 'tools' },
            ...tools.map((part) => entry(session, part, path)),
          ),
        ]
      : []),
    h('ul', { role: 'list', class: 'beside' }, ...beside),
  ]
}

function link(path: string, title: string, current: string): HTMLElement {
  return h('a', { href: `#/${path}`, 'aria-current': current === path ? 'page' : undefined }, title)
}

function entry(session: Session, part: PartOutline, path: string): HTMLElement {
  const { course, state, text } = session
  const done = !['home', 'tool'].includes(part.kind) && isDone(course, part, state)
  const mark = done && h('span', { class: 'done' }, ` ${text('done')}`)
  const [first] = part.sections
  const here = path === part.id || path.startsWith(`${part.id}/`)
  if (part.sections.length < 2 || !first) return h('li', {}, link(part.id, part.title, path), mark)
  const sections = part.sections.map((section) =>
    h(
      'li',
      {},
      link(screenOf(part, section).path, section.title, path),
      state.seen.has(section.key) && h('span', { class: 'done' }, ` ${text('seen')}`),
    ),
  )
  const title = h('a', { href: `#/${screenOf(part, first).path}` }, part.title)
  return h('li', {}, title, mark, here && h('ol', { role: 'list' }, ...sections))
}

function way({ text }: Session, { before, after, whole }: View): HTMLElement {
  const to = (screen: Screen | undefined, key: string): HTMLElement | undefined =>
    screen &&
    h(
      'a',
      { class: `to ${key}`, href: `#/${screen.path}` },
      h('span', { class: 'hint' }, text(key)),
      ' ',
      screen.section.title,
    )
  const print = h(
    'button',
    { type: 'button', class: 'button quiet', onclick: () => window.print() },
    text('print'),
  )
  const all =
    whole && h('a', { class: 'whole-link', href: `#/print/${whole}` }, text('print.whole'))
  return h(
    'div',
    { class: 'way' },
    h('nav', { 'aria-label': text('way') }, to(before, 'before'), to(after, 'after')),
    h('p', { class: 'printing' }, print, all),
  )
}
