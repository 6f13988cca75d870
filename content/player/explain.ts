import type { Answer, Question } from './course.js'
import { h } from './dom.js'
import { answersGiven, letters, shareOf } from './scoring.js'
import type { Session } from './session.js'

/** How an answer was, in a word. */
export function verdictOf(session: Session, question: Question, response: string): string {
  if (!response) return session.text('verdict.none')
  const share = shareOf(question, response)
  if (share === 1) return session.text('verdict.right')
  if (question.kind === 'scenario') {
    return session.text(share >= 0.5 ? 'verdict.possible' : 'verdict.costly')
  }
  return session.text(share > 0 ? 'verdict.partly' : 'verdict.wrong')
}

/** What is said of the answers that were given. */
export function feedback(question: Question, response: string): HTMLElement[] {
  const { kind, answers } = question
  if (kind === 'order') return misplaced(answers, response)
  if (kind === 'match') return mismatched(answers, response)
  const given = answersGiven(question, response)
  if (given.length === 1) return given.map(({ why }) => h('div', { html: why }))
  return given.map(({ html, why }) =>
    h('div', { class: 'explained' }, h('p', { class: 'said', html }), h('div', { html: why })),
  )
}

function misplaced(answers: readonly Answer[], response: string): HTMLElement[] {
  return answers.flatMap(({ html, why }, at) =>
    response[at] === letters[at]
      ? []
      : [
          h(
            'div',
            { class: 'explained' },
            h('p', { class: 'said', html: `${at + 1}. ${html}` }),
            h('div', { html: why }),
          ),
        ],
  )
}

function mismatched(answers: readonly Answer[], response: string): HTMLElement[] {
  const lefts = answers.filter(({ html }) => html)
  return lefts.flatMap(({ html, to = '', why }, at) => {
    const chosen = answers[letters.indexOf(response[at] ?? '')]
    if (chosen?.to === to) return []
    const pair = `${html} → ${to}`
    return [
      h(
        'div',
        { class: 'explained' },
        h('p', { class: 'said', html: pair }),
        h('div', { html: why }),
      ),
    ]
  })
}

/** Every answer with what is to be said of it. */
export function everyAnswer(session: Session, question: Question): HTMLElement {
  const items = question.answers.map((answer, at) =>
    h(
      'li',
      { class: answer.worth === 100 ? 'right' : 'wrong' },
      h(
        'p',
        { class: 'said' },
        markOf(session, question, answer),
        answerText(question, answer, at),
      ),
      h('div', { html: answer.why }),
    ),
  )
  const after = question.after ? h('div', { class: 'after', html: question.after }) : undefined
  const list = h('ul', { class: 'every', role: 'list' }, ...items)
  return h('div', {}, list, after)
}

function markOf(session: Session, { kind }: Question, { worth }: Answer): HTMLElement | undefined {
  if (kind === 'order' || kind === 'match') return undefined
  if (kind === 'scenario') return h('span', { class: 'mark' }, session.text('worth', { worth }))
  return h('span', { class: 'mark' }, session.text(worth === 100 ? 'mark.right' : 'mark.wrong'))
}

function answerText(
  { kind }: Question,
  { html, to, accepts = [] }: Answer,
  at: number,
): HTMLElement {
  if (kind === 'order') return h('span', { html: `${at + 1}. ${html}` })
  if (kind === 'match') return h('span', { html: `${html || '–'} → ${to ?? ''}` })
  if (kind === 'fill-in' || kind === 'numeric') {
    return h('span', {}, accepts.join(', ').replace('*', '…'))
  }
  return h('span', { html })
}
