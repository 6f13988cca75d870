import { isSeen, named } from './nodes.js'

/** What is wrong with where the focus is: nothing shows it, something lies upon it, or it is too small to be hit. */
export function focus(): string[] {
  const focused = document.activeElement
  if (!focused || focused === document.body) return ['nothing is focused']
  return [...unshown(focused), ...obscured(focused), ...small(focused)].map(
    (fault) => `${fault}: ${named(focused)}`,
  )
}

/** WCAG 2.4.7. What is led to and cannot be used, as the main part of the page, needs no ring. */
function unshown(focused: Element): string[] {
  if (focused.matches('main')) return []
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(focused)
  const ring = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2
  return ring || boxShadow !== 'none' ? [] : ['does not show its focus']
}

/** WCAG 2.4.11: some point of it is what a finger there would touch. */
function obscured(focused: Element): string[] {
  const [box] = focused.getClientRects()
  if (!box) return ['is nowhere']
  const points = [0.1, 0.5, 0.9].flatMap((across) =>
    [0.15, 0.5, 0.85].map((down) => [box.left + box.width * across, box.top + box.height * down]),
  )
  const free = points.some(([x = 0, y = 0]) => {
    const there = document.elementFromPoint(x, y)
    return there && (focused.contains(there) || there.contains(focused))
  })
  return free ? [] : ['is covered']
}

/** CSS pixels that a target has at least in both directions, or around its middle (WCAG 2.2, 2.5.8). */
const least = 24

/** Links within a sentence are as high as its lines. */
function small(focused: Element): string[] {
  if (focused.matches('main, [tabindex="-1"], iframe')) return []
  const { width, height } = targetOf(focused).getBoundingClientRect()
  if (Math.min(width, height) >= least - 0.5 || isInSentence(focused)) return []
  const near = [...document.querySelectorAll(targets)].find((other) => isNear(focused, other))
  return near ? [`is ${Math.round(width)} by ${Math.round(height)} px beside ${named(near)}`] : []
}

const targets = 'a[href], button, input:not([type=hidden]), select, textarea, summary'
const targetOf = (element: Element): Element => element.closest('label') ?? element

/** Whether another target reaches into the circle around the middle of one. */
function isNear(focused: Element, other: Element): boolean {
  if (other === focused || !isSeen(other) || other.contains(focused)) return false
  const box = targetOf(focused).getBoundingClientRect()
  const { left, right, top, bottom } = targetOf(other).getBoundingClientRect()
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2]
  const away = Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom))
  return away < least / 2
}

function isInSentence(focused: Element): boolean {
  const around = focused.closest('p, li, dd, td, th')
  const words = around?.textContent?.trim()
  return getComputedStyle(focused).display === 'inline' && words !== focused.textContent?.trim()
}
