import type { Question } from '../course.js'
import { h } from '../dom.js'
import { everyAnswer, feedback, verdictOf } from '../explain.js'
import type { Session } from '../session.js'
import type { TestState } from '../state.js'
import { questionsOf, scoreOf } from './drawing.js'

/** The result of a test: the score, unit by unit, and every question with every explanation. */
export function resultOf(
  session: Session,
  test: TestState,
  bank: readonly Question[],
): HTMLElement {
  const { course, text } = session
  const questions = questionsOf(test, bank)
  const score = scoreOf(questions, test.given)
  const passed = score >= course.pass
  return h(
    'section',
    { class: 'result' },
    h('h2', {}, text(passed ? 'test.passed' : 'test.failed', { score })),
    byUnit(session, test, questions),
    h('h3', {}, text('test.review')),
    ...questions.map((question, at) => reviewed(session, question, { test, n: at + 1 })),
  )
}

function byUnit(
  session: Session,
  { given }: TestState,
  questions: readonly Question[],
): HTMLElement {
  const units = session.course.parts.filter(({ id }) => questions.some(({ unit }) => unit === id))
  const rows = units.map(({ id, title }) => {
    const score = scoreOf(
      questions.filter(({ unit }) => unit === id),
      given,
    )
    return h(
      'li',
      {},
      h('a', { href: `#/${id}` }, title),
      ` ${session.text('percent', { n: score })}`,
    )
  })
  return h('ul', { class: 'by-unit' }, ...rows)
}

function reviewed(
  session: Session,
  question: Question,
  { test, n }: { test: TestState; n: number },
): HTMLElement {
  const response = test.given.get(question.key) ?? ''
  return h(
    'details',
    { class: 'reviewed' },
    h(
      'summary',
      {},
      `${n}. ${question.text} `,
      h('b', { class: 'verdict' }, verdictOf(session, question, response)),
    ),
    ...(response ? feedback(question, response) : []),
    h('p', { class: 'box-title' }, session.text('explain-all')),
    everyAnswer(session, question),
  )
}
