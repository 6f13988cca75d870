import { named } from './nodes.js'

/** What is wrong with where the focus is: nothing shows it, something lies upon it, or it is too small to be hit. */
export function focus(): string[] {
  const focused = document.activeElement
  if (!focused || focused === document.body) return ['nothing is focused']
  return [...unshown(focused), ...obscured(focused), ...small(focused)].map(
    (fault) => `${fault}: ${named(focused)}`,
  )
}

/** WCAG 2.4.7: a ring around it, or, where a field has its own caret, still the ring. */
function unshown(focused: Element): string[] {
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

/** WCAG 2.5.8: 24 by 24 CSS pixels, but for links within a sentence. */
function small(focused: Element): string[] {
  if (focused.matches('main, [tabindex="-1"], iframe')) return []
  const target = focused.closest('label') ?? focused
  const { width, height } = target.getBoundingClientRect()
  if (Math.min(width, height) >= 23.5 || isInSentence(focused)) return []
  return [`is ${Math.round(width)} by ${Math.round(height)} px`]
}

function isInSentence(focused: Element): boolean {
  const around = focused.closest('p, li, dd, td, th')
  return (
    getComputedStyle(focused).display === 'inline' &&
    around?.textContent?.trim() !== focused.textContent?.trim()
  )
}
