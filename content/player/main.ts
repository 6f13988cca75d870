import type { Course } from './course.js'
import { load, loadAhead, receiveData } from './data.js'
import { focusOn, h } from './dom.js'
import { find } from './flow.js'
import { screenAt } from './views/views.js'
import { openSession, type Session } from './session.js'
import { openShell, type Shell } from './shell.js'
import { openTerms } from './terms.js'

receiveData()
void load<Course>('course').then(open)

async function open(course: Course): Promise<void> {
  const session = openSession(course)
  const shell = openShell(session)
  session.onSaved((saved) => {
    shell.saved(saved)
    shell.refresh()
  })
  openTerms(session)
  const path = (): string => decodeURIComponent(location.hash.replace(/^#\//, ''))
  addEventListener('hashchange', () => void go(session, shell, { path: path(), focus: true }))
  const start = location.hash.startsWith('#/') ? path() : session.state.place
  history.replaceState(null, '', `#/${start}`)
  await go(session, shell, { path: start, focus: false })
  void loadAhead([
    ...course.parts.map(({ id }) => id),
    ...(course.parts.some(({ kind }) => kind === 'test') ? ['questions'] : []),
    ...(course.hasGlossary ? ['glossary'] : []),
  ])
}

interface Going {
  readonly path: string
  readonly focus: boolean
}

async function go(session: Session, shell: Shell, { path, focus }: Going): Promise<void> {
  try {
    const { anchor, ...view } = await screenAt(session, path)
    shell.show({ ...view, focus })
    const inside = anchor ? document.getElementById(anchor) : null
    if (inside) focusOn(inside)
    arrived(session, shell, view.path)
  } catch {
    shell.show({ title: session.course.title, path, element: sorry(session, shell, path), focus })
  }
}

/** Remembers the place, and that a section was seen once its end has been. */
function arrived(session: Session, shell: Shell, path: string): void {
  const { course, state } = session
  const screen = find(course, path)
  if (!screen || screen.part.kind === 'tool') return
  state.place = screen.path
  session.changed()
  const end = document.querySelector('.way')
  if (!end || state.seen.has(screen.section.key)) return
  const watch = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return
    watch.disconnect()
    state.seen.add(screen.section.key)
    session.changed()
    shell.refresh()
  })
  watch.observe(end)
}

function sorry(session: Session, shell: Shell, path: string): HTMLElement {
  const again = (): void => void go(session, shell, { path, focus: true })
  return h(
    'article',
    { class: 'screen' },
    h('h1', {}, session.text('not-loaded')),
    h('p', {}, session.text('not-loaded.why')),
    h('button', { type: 'button', class: 'button', onclick: again }, session.text('again')),
  )
}
