import { h } from '../dom.js'
import { letters } from '../scoring.js'
import { choice } from './choice.js'
import type { Control, ControlNeeds } from './control.js'

const svg = 'http://www.w3.org/2000/svg'

/** Areas of a picture to point at, and the same by name below it for whoever does not point. */
export function hotspot(needs: ControlNeeds): Control {
  const { question, changed } = needs
  const control = choice(needs)
  const radios = [...control.element.querySelectorAll('input')]
  const picture = h('div', { class: 'picture', html: question.picture?.html ?? '' })
  const drawing = picture.querySelector('svg')
  const areas = question.answers.map(({ area = [0, 0, 0, 0] }, at) => {
    const rect = document.createElementNS(svg, 'rect')
    const [x, y, width, height] = area
    for (const [name, value] of Object.entries({ x, y, width, height })) {
      rect.setAttribute(name, String(value))
    }
    rect.setAttribute('class', 'area')
    rect.dataset.letter = letters[at] ?? ''
    drawing?.append(rect)
    return rect
  })
  const mark = (): void => {
    for (const area of areas) {
      area.classList.toggle('chosen', control.response().includes(area.dataset.letter ?? '-'))
    }
  }
  for (const area of areas) {
    area.addEventListener('click', () => {
      const radio = radios.find(({ value }) => value === area.dataset.letter)
      if (!radio || radio.disabled) return
      radio.checked = true
      mark()
      changed()
    })
  }
  control.element.addEventListener('change', mark)
  mark()
  return { ...control, element: h('div', {}, picture, control.element) }
}
