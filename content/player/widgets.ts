import type { Html, Section, Widget } from './course.js'
import { freshId, h } from './dom.js'
import type { Interaction } from './interactions.js'
import { practice } from './practice.js'
import type { Session } from './session.js'

/** The words of a section, with everything in it that can be acted on. */
export function sectionBody(session: Session, section: Section, part: string): HTMLElement {
  const body = h('div', { class: 'prose', html: section.html })
  for (const place of body.querySelectorAll<HTMLElement>('[data-widget]')) {
    const widget = section.widgets[Number(place.dataset.widget)]
    if (widget) mount(session, { widget, place, part })
  }
  return body
}

interface Mounting {
  readonly widget: Widget
  readonly place: HTMLElement
  readonly part: string
}

function mount(session: Session, { widget, place, part }: Mounting): void {
  if (widget.type === 'question') place.append(practice(session, widget.question, part))
  if (widget.type === 'scale') rate(session, { widget, place, part })
  if (widget.type === 'reflect') place.append(writing(session, place, widget.key))
  if (widget.type === 'checklist') tick(session, place, widget)
}

const steps = ['1', '2', '3', '4'] as const

function rate(
  session: Session,
  { widget, place, part }: Mounting & { widget: { readonly id?: string; readonly key?: string } },
): void {
  const { id = '', key = '' } = widget
  const name = freshId('scale')
  const labelId = freshId('statement')
  const since = performance.now()
  place.replaceChildren(h('div', { id: labelId }, ...place.childNodes))
  const choose = (value: string): void => {
    session.state.answers.set(key, value)
    session.tell(ratingOf({ id: `${part}.${id}`, value, text: place.textContent ?? '', since }))
  }
  const options = steps.map((value) =>
    h(
      'label',
      { class: 'option' },
      h('input', {
        type: 'radio',
        name,
        value,
        checked: session.state.answers.get(key) === value,
        onchange: () => choose(value),
      }),
      h('span', {}, session.text(`scale.${value}`)),
    ),
  )
  place.append(
    h('div', { class: 'steps', role: 'radiogroup', 'aria-labelledby': labelId }, ...options),
  )
}

function ratingOf({
  id,
  value,
  text,
  since,
}: Readonly<Record<'id' | 'value' | 'text', string>> & { readonly since: number }): Interaction {
  return {
    id: id.replace(/[^\w.-]/g, '-'),
    kind: 'likert',
    given: [value],
    right: [],
    result: 'neutral',
    weighting: 1,
    seconds: (performance.now() - since) / 1000,
    at: new Date(),
    text: text.trim(),
  }
}

/** Room to write; what is written is kept with the learner's notes. */
export function writing(
  { state, changed, text }: Session,
  about: HTMLElement,
  key: string,
): HTMLElement {
  const label = freshId('about')
  const words = h('div', { id: label }, ...about.childNodes)
  const area = h('textarea', { rows: 4, 'aria-labelledby': label })
  area.value = state.notes.get(key) ?? ''
  area.addEventListener('input', () => {
    if (area.value.trim()) state.notes.set(key, area.value)
    else state.notes.delete(key)
    changed()
  })
  return h('div', { class: 'writing' }, words, area, h('p', { class: 'hint' }, text('notes.kept')))
}

function tick(
  session: Session,
  place: HTMLElement,
  { key, items }: { readonly key: string; readonly items: readonly Html[] },
): void {
  const { state, text, changed } = session
  const ticked = state.ticks.get(key) ?? ''
  const boxes = items.map((_, at) =>
    h('input', { type: 'checkbox', checked: ticked[at] === '1', onchange: () => keep() }),
  )
  const keep = (): void => {
    state.ticks.set(key, boxes.map(({ checked }) => (checked ? '1' : '0')).join(''))
    changed()
  }
  const lines = items.map((html, at) =>
    h('li', {}, h('label', { class: 'option' }, boxes[at], h('span', { html }))),
  )
  place.append(h('ul', { role: 'list' }, ...lines))
  if (!place.classList.contains('manager')) return
  const blank = (key: string): HTMLElement =>
    h('p', {}, text(key), h('span', { class: 'blank', 'aria-hidden': 'true' }))
  place.append(h('div', { class: 'signature' }, blank('sign.name'), blank('sign.date')))
}
