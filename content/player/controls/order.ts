import { h, say } from '../dom.js'
import { letters, mixed } from '../scoring.js'
import type { Control, ControlNeeds } from './control.js'

/** A list whose steps are moved up and down by buttons: the same for mouse, finger and keyboard. */
export function order(needs: ControlNeeds): Control {
  const { session, question, promptId, changed } = needs
  const now = startOf(needs)
  let locked = false
  const list = h('ol', { class: 'order', role: 'list', 'aria-labelledby': promptId })
  const textOf = (letter: string): string => question.answers[letters.indexOf(letter)]?.text ?? ''
  const move = (at: number, by: Step): void => {
    const [letter = ''] = now.splice(at, 1)
    now.splice(at + by, 0, letter)
    draw()
    say(session.text('order.moved', { text: textOf(letter), n: at + by + 1, of: now.length }))
    keepFocus(list.children[at + by], by)
    changed()
  }
  const button = (at: number, by: Step): HTMLElement => {
    const label = session.text(by < 0 ? 'order.up' : 'order.down', { text: textOf(now[at] ?? '') })
    const disabled = locked || at + by < 0 || at + by >= now.length
    return arrow({ by, label, disabled, onclick: () => move(at, by) })
  }
  const draw = (): void => {
    const items = now.map((letter, at) => {
      const html = question.answers[letters.indexOf(letter)]?.html
      return h('li', {}, h('span', { html }), button(at, -1), button(at, 1))
    })
    list.replaceChildren(...items)
  }
  draw()
  return {
    element: h('div', {}, h('p', { class: 'hint' }, session.text('order.hint')), list),
    response: () => now.join(''),
    lock(value) {
      locked = value
      draw()
    },
  }
}

type Step = -1 | 1

interface Arrow {
  readonly by: Step
  readonly label: string
  readonly disabled: boolean
  onclick(): void
}

function arrow({ by, label, disabled, onclick }: Arrow): HTMLElement {
  const sign = h('span', { 'aria-hidden': 'true' }, by < 0 ? '↑' : '↓')
  return h(
    'button',
    { type: 'button', class: 'move', 'aria-label': label, disabled, onclick },
    sign,
  )
}

/** Focus stays on the arrow that was pressed; at either end, on the other one. */
function keepFocus(item: Element | undefined, by: Step): void {
  const [up, down] = item?.querySelectorAll('button') ?? []
  const wanted = by < 0 ? up : down
  const other = by < 0 ? down : up
  ;(wanted?.disabled ? other : wanted)?.focus()
}

/** Never the right order from the start. */
function startOf({ question, response, seed }: ControlNeeds): string[] {
  if (response.length === question.answers.length) return [...response]
  const right = question.answers.map((_, at) => letters[at] ?? '')
  const start = mixed(right, seed)
  return start.join('') === right.join('') ? start.reverse() : start
}
