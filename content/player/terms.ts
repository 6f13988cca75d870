import type { Term } from './course.js'
import { load } from './data.js'
import { freshId, h } from './dom.js'
import type { Session } from './session.js'

/** A word of the glossary is shown where one stands; without a dialog its link leads to the glossary. */
export function openTerms(session: Session): void {
  document.addEventListener('click', (event) => {
    const { target } = event
    const link = target instanceof Element ? target.closest<HTMLElement>('a[data-term]') : null
    if (!link || typeof HTMLDialogElement === 'undefined') return
    event.preventDefault()
    void load<readonly Term[]>('glossary').then((terms) => {
      const term = terms.find(({ id }) => id === link.dataset.term)
      if (term) show(session, term)
    })
  })
}

function show({ text }: Session, { title, html }: Term): void {
  const titleId = freshId('term')
  const dialog = h(
    'dialog',
    { class: 'term', 'aria-labelledby': titleId },
    h('p', { class: 'box-title', id: titleId }, title),
    h('div', { html }),
    h('form', { method: 'dialog' }, h('button', { class: 'button' }, text('close'))),
  )
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}
