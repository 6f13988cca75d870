import { controlFor } from '../controls/controls.js'
import type { Part, Question } from '../course.js'
import { focusOn, freshId, h } from '../dom.js'
import type { Session } from '../session.js'
import type { TestState } from '../state.js'
import { drawTest, questionsOf, scoreOf } from './drawing.js'
import { resultOf } from './result.js'

interface Sitting {
  readonly session: Session
  readonly bank: readonly Question[]
  readonly stage: HTMLElement
  /** Seconds spent with each question since the page was opened. */
  readonly seconds: Map<string, number>
}

/** The test: what is asked for, then question by question, then the result with every explanation. */
export function testScreen(session: Session, part: Part, bank: readonly Question[]): HTMLElement {
  const stage = h('div', { class: 'stage' })
  const [opening] = part.sections
  show({ session, bank, stage, seconds: new Map() }, false, opening?.html)
  return h(
    'article',
    { class: 'screen test' },
    h('p', { class: 'above' }, h('span', { class: 'role' }, session.text('kind.test'))),
    h('h1', {}, opening?.title ?? ''),
    stage,
  )
}

function show(sitting: Sitting, focus: boolean, opening = ''): void {
  const { session, stage, bank } = sitting
  const { test } = session.state
  if (test && !test.done) return ask(sitting, test, focus)
  const again = mayTry(session)
    ? h(
        'button',
        { type: 'button', class: 'button', onclick: () => begin(sitting) },
        startText(session),
      )
    : h('p', {}, session.text('test.no-more'))
  stage.replaceChildren(
    h('div', { class: 'prose', html: opening }),
    facts(session),
    test ? resultOf(session, test, bank) : '',
    h('p', { class: 'actions' }, again),
  )
  if (focus) focusOn(stage.querySelector('h2') ?? stage)
}

const mayTry = ({ course: { attempts }, state }: Session): boolean =>
  attempts === 0 || state.tries < attempts

const startText = ({ state, text }: Session): string =>
  text(state.tries > 0 ? 'test.again' : 'test.start')

function facts({ course, state, text }: Session): HTMLElement {
  const { pass, attempts, draw } = course
  const n = Object.values(draw).reduce((sum, each) => sum + each, 0)
  return h(
    'ul',
    { class: 'facts' },
    h('li', {}, text('test.questions', { n })),
    h('li', {}, text('test.pass', { pass })),
    attempts > 0 && h('li', {}, text('test.left', { n: Math.max(0, attempts - state.tries) })),
    state.tries > 0 && h('li', {}, text('test.best', { best: state.best })),
  )
}

function begin(sitting: Sitting): void {
  const { session, bank } = sitting
  session.state.test = drawTest(session.course, bank, `${Math.random()}`)
  session.changed()
  show(sitting, true)
}

function ask(sitting: Sitting, test: TestState, focus: boolean): void {
  const { session, stage, seconds } = sitting
  const { text, state } = session
  const questions = questionsOf(test, sitting.bank)
  const question = questions[Math.min(test.at, questions.length - 1)]
  if (!question) return void (test.done = true)
  const promptId = freshId('question')
  const since = performance.now()
  const control = controlFor({
    session,
    question,
    promptId,
    response: test.given.get(question.key) ?? '',
    seed: `${state.run}${state.tries}${question.key}`,
    changed() {
      const response = control.response()
      if (response) test.given.set(question.key, response)
      else test.given.delete(question.key)
      session.changed()
    },
  })
  const leave = (to: number): void => {
    const before = seconds.get(question.key) ?? 0
    seconds.set(question.key, before + (performance.now() - since) / 1000)
    if (to >= questions.length) return handIn(sitting, { test, questions })
    test.at = to
    session.changed()
    ask(sitting, test, true)
  }
  const heading = h('h2', {}, text('test.question', { n: test.at + 1, of: questions.length }))
  stage.replaceChildren(
    heading,
    h('div', { class: 'prompt', id: promptId, html: question.prompt }),
    control.element,
    steps(session, { at: test.at, of: questions.length, leave }),
    h('div', { class: 'feedback' }),
  )
  if (focus) focusOn(heading)
}

function steps(
  { text }: Session,
  { at, of, leave }: { at: number; of: number; leave: (to: number) => void },
): HTMLElement {
  const next = text(at + 1 < of ? 'test.next' : 'test.hand-in')
  return h(
    'p',
    { class: 'actions' },
    at > 0 &&
      h(
        'button',
        { type: 'button', class: 'button quiet', onclick: () => leave(at - 1) },
        text('test.back'),
      ),
    h('button', { type: 'button', class: 'button', onclick: () => leave(at + 1) }, next),
  )
}

interface Paper {
  readonly test: TestState
  readonly questions: readonly Question[]
}

/** Asks once more where a question has no answer. */
function handIn(sitting: Sitting, paper: Paper): void {
  const { session, stage } = sitting
  const { test, questions } = paper
  const open = questions.filter(({ key }) => !test.given.has(key))
  if (open.length === 0) return mark(sitting, paper)
  const back = (): void => {
    test.at = questions.findIndex(({ key }) => !test.given.has(key))
    ask(sitting, test, true)
  }
  const heading = h('p', { class: 'remind' }, session.text('test.open', { n: open.length }))
  stage
    .querySelector('.feedback')
    ?.replaceChildren(
      heading,
      h(
        'p',
        { class: 'actions' },
        h(
          'button',
          { type: 'button', class: 'button', onclick: back },
          session.text('test.to-open'),
        ),
        h(
          'button',
          { type: 'button', class: 'button quiet', onclick: () => mark(sitting, paper) },
          session.text('test.hand-in-anyway'),
        ),
      ),
    )
  focusOn(heading)
}

function mark(sitting: Sitting, { test, questions }: Paper): void {
  const { session, seconds } = sitting
  const { state } = session
  test.done = true
  state.tries += 1
  state.best = Math.max(state.best, scoreOf(questions, test.given))
  for (const question of questions) {
    const response = test.given.get(question.key)
    const taken = seconds.get(question.key) ?? 0
    if (response) session.answered(question, { part: 'test', response, seconds: taken })
  }
  session.changed()
  show(sitting, true)
}
