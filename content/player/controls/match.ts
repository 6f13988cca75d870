import type { Answer, Html } from '../course.js'
import { freshId, h } from '../dom.js'
import { letters, mixed } from '../scoring.js'
import type { Control, ControlNeeds } from './control.js'

/** A list of right sides beside each left one. */
export function match({
  session,
  question,
  promptId,
  response,
  seed,
  changed,
}: ControlNeeds): Control {
  const { answers } = question
  const lefts = answers.filter(({ html }) => html)
  const rights = mixed(rightSides(answers), seed)
  const selects = lefts.map((_, at) => {
    const options = rights.map(({ to, letter }) =>
      h('option', { value: letter, selected: response[at] === letter }, plain(to)),
    )
    const nothing = h('option', { value: '-' }, session.text('match.choose'))
    return h('select', { id: freshId('match'), onchange: changed }, nothing, ...options)
  })
  const rows = lefts.map(({ html }, at) => row(html, selects[at]))
  return {
    element: h('div', { class: 'pairs', role: 'group', 'aria-labelledby': promptId }, ...rows),
    response() {
      const given = selects.map(({ value }) => value).join('')
      return /^-*$/.test(given) ? '' : given
    },
    lock(locked) {
      for (const select of selects) select.disabled = locked
    },
  }
}

function row(html: Html, select: HTMLElement | undefined): HTMLElement {
  return h('div', { class: 'pair' }, h('label', { for: select?.id, html }), select)
}

/** Each right side once, under the letter of the first answer that has it. */
function rightSides(answers: readonly Answer[]): { to: Html; letter: string }[] {
  return answers.flatMap(({ to = '' }, at) =>
    answers.findIndex((each) => each.to === to) === at ? [{ to, letter: letters[at] ?? '' }] : [],
  )
}

/** An option holds words alone. */
function plain(html: string): string {
  return h('span', { html }).textContent ?? ''
}
