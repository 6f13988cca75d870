import type { Part } from '../course.js'
import { focusOn, h } from '../dom.js'
import type { Session } from '../session.js'

/** Below the self-check: the units with which to begin, those rated lowest first. */
export function proposal(session: Session, { sections }: Part): HTMLElement {
  const { text } = session
  const result = h('div', { class: 'proposal' })
  const show = (): void => {
    const units = weakest(session, sections)
    const heading = h('h2', {}, text('proposal.title'))
    const links = units.map(({ id, title }) => h('li', {}, h('a', { href: `#/${id}` }, title)))
    const words = units.length > 0 ? text('proposal.begin') : text('proposal.anywhere')
    result.replaceChildren(
      heading,
      h('p', {}, words),
      units.length > 0 ? h('ol', {}, ...links) : '',
    )
    focusOn(heading)
  }
  const button = h(
    'button',
    { type: 'button', class: 'button', onclick: show },
    text('proposal.show'),
  )
  return h('div', {}, h('p', { class: 'actions' }, button), result)
}

/** Units rated "with help" or lower on average, the lowest first. */
function weakest(
  { course, state }: Session,
  sections: Part['sections'],
): { id: string; title: string }[] {
  const scales = sections
    .flatMap(({ widgets }) => widgets)
    .flatMap((widget) =>
      widget.type === 'scale' && widget.unit ? [{ ...widget, unit: widget.unit }] : [],
    )
  const means = course.parts.map((part) => {
    const given = scales
      .filter(({ unit }) => unit === part.id)
      .flatMap(({ key }) => Number(state.answers.get(key)) || [])
    return { part, mean: given.reduce((sum, value) => sum + value, 0) / given.length }
  })
  return means
    .filter(({ mean }) => mean < 3)
    .sort((a, b) => a.mean - b.mean)
    .map(({ part: { id, title } }) => ({ id, title }))
}
