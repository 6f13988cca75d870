import { freshId, h } from '../dom.js'
import { numberOf } from '../scoring.js'
import type { Control, ControlNeeds } from './control.js'

/** A field for a word or a number. A number that cannot be read counts as no answer yet. */
export function typed({ session, question, promptId, response, changed }: ControlNeeds): Control {
  const number = question.kind === 'numeric'
  const id = freshId('typed')
  const hint = h(
    'span',
    { class: 'hint', id: freshId('hint') },
    number ? session.text('typed.number') : '',
  )
  const input = h('input', {
    id,
    type: 'text',
    value: response,
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    inputmode: number ? 'decimal' : 'text',
    'aria-describedby': number ? `${promptId} ${hint.id}` : promptId,
    oninput: changed,
  })
  const unit = question.measure ? h('span', { class: 'measure' }, question.measure) : undefined
  return {
    element: h(
      'div',
      { class: number ? 'typed number' : 'typed' },
      h('label', { for: id }, session.text('typed.answer')),
      h('span', { class: 'field' }, input, unit),
      number && hint,
    ),
    response() {
      const given = input.value.trim()
      return number && Number.isNaN(numberOf(given)) ? '' : given
    },
    lock(locked) {
      input.readOnly = locked
    },
  }
}
