import { freshId, h } from '../dom.js'
import { letters, mixed } from '../scoring.js'
import type { Control, ControlNeeds } from './control.js'

/** Radio buttons, or boxes where several answers may be right. */
export function choice({ question, promptId, response, seed, changed }: ControlNeeds): Control {
  const several = question.kind === 'multiple'
  const name = freshId('answer')
  const answers = question.answers.map((answer, at) => ({ answer, letter: letters[at] ?? '' }))
  const shown = question.shuffle ? mixed(answers, seed) : answers
  const inputs = shown.map(({ letter }) =>
    h('input', {
      type: several ? 'checkbox' : 'radio',
      name,
      value: letter,
      checked: response.includes(letter),
      onchange: changed,
    }),
  )
  const labels = shown.map(({ answer }, at) =>
    h('label', { class: 'option' }, inputs[at], h('span', { html: answer.html })),
  )
  const role = several ? 'group' : 'radiogroup'
  return {
    element: h('div', { class: 'options', role, 'aria-labelledby': promptId }, ...labels),
    response: () =>
      inputs
        .filter(({ checked }) => checked)
        .map(({ value }) => value)
        .sort()
        .join(''),
    lock(locked) {
      for (const input of inputs) input.disabled = locked
    },
  }
}
