import { controlFor } from './controls/controls.js'
import type { Question } from './course.js'
import { focusOn, freshId, h } from './dom.js'
import { everyAnswer, feedback, verdictOf } from './explain.js'
import type { Session } from './session.js'

/** A question of a unit: answered, explained, and tried again as often as wanted. */
export function practice(session: Session, question: Question, part: string): HTMLElement {
  const { state, text } = session
  const promptId = freshId('question')
  const since = performance.now()
  const below = h('div', { class: 'feedback' })
  const before = state.answers.get(question.key)
  const control = controlFor({
    session,
    question,
    promptId,
    response: before ?? '',
    seed: state.run + question.key,
    changed: () => below.replaceChildren(),
  })
  const submit = (event: Event): void => {
    event.preventDefault()
    const response = control.response()
    if (!response) return fill(below, [h('p', { class: 'remind' }, text('answer-first'))])
    state.answers.set(question.key, response)
    const seconds = (performance.now() - since) / 1000
    session.answered(question, { part, response, seconds })
    fill(below, explained(session, question, response))
  }
  if (before) below.replaceChildren(...explained(session, question, before))
  return h(
    'form',
    { class: 'question', novalidate: true, onsubmit: submit },
    h('div', { class: 'prompt', id: promptId, html: question.prompt }),
    control.element,
    h('p', { class: 'actions' }, h('button', { type: 'submit', class: 'button' }, text('check'))),
    below,
  )
}

function fill(below: HTMLElement, [first, ...rest]: readonly HTMLElement[]): void {
  if (!first) return
  below.replaceChildren(first, ...rest)
  focusOn(first)
}

function explained(session: Session, question: Question, response: string): HTMLElement[] {
  const verdict = h('p', { class: 'verdict' }, verdictOf(session, question, response))
  const summary = h('summary', {}, session.text('explain-all'))
  const all = h('details', {}, summary, everyAnswer(session, question))
  return [verdict, ...feedback(question, response), all]
}
