import type { Choice, Html, Part, Story, StoryNode } from '../course.js'
import { focusOn, h } from '../dom.js'
import { letters, mixed } from '../scoring.js'
import type { Session } from '../session.js'
import { holds, play, type Played, type Step, type Values } from '../story.js'

/** The case: one decision after the other, taken up where it was left. */
export function caseScreen(session: Session, part: Part): HTMLElement {
  const [opening] = part.sections
  const stage = h('div', { class: 'stage' })
  const story = part.story
  if (story) draw(session, story, stage)
  return h(
    'article',
    { class: 'screen case' },
    h('p', { class: 'above' }, h('span', { class: 'role' }, session.text('kind.case'))),
    h('h1', {}, opening?.title ?? ''),
    h('div', { class: 'prose', html: opening?.html ?? '' }),
    stage,
  )
}

function draw(session: Session, story: Story, stage: HTMLElement): void {
  const played = play(story, session.state.path)
  if (!played) return
  const { node, values, steps } = played
  const go = (letter: string): void => {
    session.state.path += letter
    const next = play(story, session.state.path)
    if (next?.node.ending) session.state.ended = true
    if (letter !== '>') decided(session, node, letter)
    else session.changed()
    draw(session, story, stage)
    focusOn(stage.querySelector('h2, .consequence') ?? stage)
  }
  const last = steps.at(-1)
  stage.replaceChildren(
    last?.choice ? consequence(session, last.choice) : '',
    gauges(session, story, values),
    h('h2', {}, node.title),
    h('div', { class: 'prose' }, ...passages(node.html, values)),
    node.ending ? ending(session, story, { stage, played }) : ways(session, played, go),
  )
}

function ways(
  session: Session,
  { node, values }: Played,
  go: (letter: string) => void,
): HTMLElement {
  const button = (letter: string, html: Html): HTMLElement =>
    h('li', {}, h('button', { type: 'button', class: 'decision', html, onclick: () => go(letter) }))
  const choices = node.choices.map((choice, at) => ({ choice, letter: letters[at] ?? '' }))
  const offered = choices.filter(({ choice }) => holds(choice.when, values))
  const buttons = mixed(offered, session.state.run + node.id).map(({ choice, letter }) =>
    button(letter, choice.html),
  )
  if (buttons.length === 0) buttons.push(button('>', session.text('case.on')))
  return h('ul', { class: 'decisions', role: 'list' }, ...buttons)
}

function consequence(session: Session, { html, why }: Choice): HTMLElement {
  return h(
    'div',
    { class: 'note consequence' },
    h('p', { class: 'box-title' }, session.text('case.decided')),
    h('p', { class: 'said', html }),
    h('div', { html: why }),
  )
}

function gauges(session: Session, { variables }: Story, values: Values): HTMLElement | string {
  const shown = variables.filter(({ label }) => label)
  if (shown.length === 0) return ''
  const items = shown.flatMap(({ name, label = '', least, most }) => {
    const value = values.get(name) ?? 0
    return [
      h(
        'div',
        {},
        h('dt', {}, label),
        h(
          'dd',
          {},
          h('b', {}, String(value)),
          h('meter', { min: least, max: most, value, 'aria-label': label }),
        ),
      ),
    ]
  })
  return h('dl', { class: 'gauges', 'aria-label': session.text('case.now') }, ...items)
}

/** What is said of the moment: passages whose condition is not met are left out, values put in. */
function passages(html: Html, values: Values): Node[] {
  const body = h('div', { html })
  for (const passage of body.querySelectorAll<HTMLElement>('[data-when]')) {
    if (!holds(JSON.parse(passage.dataset.when ?? '[]'), values)) passage.remove()
  }
  for (const value of body.querySelectorAll<HTMLElement>('[data-variable]')) {
    value.textContent = String(values.get(value.dataset.variable ?? '') ?? '')
  }
  return [...body.childNodes]
}

function ending(
  session: Session,
  story: Story,
  { stage, played }: { stage: HTMLElement; played: Played },
): HTMLElement {
  const again = (): void => {
    session.state.path = ''
    session.changed()
    draw(session, story, stage)
    focusOn(stage.querySelector('h2') ?? stage)
  }
  const { score } = played.node
  const taken = ({ node, choice }: Step): HTMLElement | string =>
    choice
      ? h(
          'li',
          {},
          h('p', {}, h('b', {}, node.title), ': ', h('span', { html: choice.html })),
          h('div', { html: choice.why }),
        )
      : ''
  return h(
    'div',
    { class: 'ending' },
    score !== undefined && h('p', { class: 'verdict' }, session.text('case.score', { score })),
    h('h3', {}, session.text('case.path')),
    h('ol', { class: 'path' }, ...played.steps.map(taken)),
    h(
      'p',
      { class: 'actions' },
      h('button', { type: 'button', class: 'button', onclick: again }, session.text('case.again')),
    ),
  )
}

/** A decision is told to the LMS like an answer that is neither right nor wrong. */
function decided(session: Session, { id, title }: StoryNode, letter: string): void {
  session.tell({
    id: `case.${id}`,
    kind: 'choice',
    given: [letter],
    right: [],
    result: 'neutral',
    weighting: 1,
    seconds: 0,
    at: new Date(),
    text: title,
  })
}
