import { isSeen, named, seenTexts } from './nodes.js'

/** CSS pixels by which letters may stand in each other's boxes, or outside their own: their ascenders do. */
const slack = 3

/**
 * What is lost where the window is narrow or the text is set wider (WCAG 2.2, 1.4.10 and 1.4.12): a page that scrolls
 * sideways, texts that are cut off, that lie upon each other or outside the window.
 */
export function reflow(): string[] {
  const { clientWidth, scrollWidth } = document.documentElement
  const wide =
    scrollWidth > clientWidth ? [`${scrollWidth} px wide on a screen of ${clientWidth}`] : []
  return [...wide, ...scrollersAside(), ...cutOff(), ...uponEachOther()]
}

const scrolls = ({ overflowX }: CSSStyleDeclaration): boolean => /auto|scroll/.test(overflowX)

/** Only tables, code and charts may scroll sideways, and only where the keyboard gets there. */
function scrollersAside(): string[] {
  const wider = [...document.querySelectorAll('body *')].filter(
    (element) =>
      element.scrollWidth > element.clientWidth + 1 &&
      scrolls(getComputedStyle(element)) &&
      isSeen(element),
  )
  return wider.flatMap((element) => {
    if (/^(TEXTAREA|SELECT|INPUT)$/.test(element.tagName)) return []
    const mayScroll = element.matches('pre') || element.querySelector('table, svg')
    if (!mayScroll) return [`scrolls sideways: ${named(element)}`]
    const focused = element.matches('[tabindex="0"]')
    return focused ? [] : [`cannot be scrolled by keyboard: ${named(element)}`]
  })
}

function cutOff(): string[] {
  const cut = new Set<Element>()
  for (const { node, element } of seenTexts()) {
    const box = boxOf(node)
    for (let around: Element | null = element; around; around = around.parentElement) {
      const style = getComputedStyle(around)
      if (
        style.position === 'fixed' ||
        around === document.body ||
        style.webkitLineClamp !== 'none'
      )
        break
      if (scrolls(style) || /auto|scroll/.test(style.overflowY)) break
      if (style.overflowX === 'visible' && style.overflowY === 'visible') continue
      const edge = around.getBoundingClientRect()
      const outside = box.right > edge.right + slack || box.left < edge.left - slack
      if (outside || box.bottom > edge.bottom + slack || box.top < edge.top - slack)
        cut.add(element)
    }
    if (box.left < -slack && box.right > 0) cut.add(element)
  }
  return [...cut].map((element) => `is cut off: ${named(element)}`)
}

function boxOf(node: Text): DOMRect {
  const range = document.createRange()
  range.selectNodeContents(node)
  return range.getBoundingClientRect()
}

interface Line {
  readonly element: Element
  readonly box: DOMRect
}

function uponEachOther(): string[] {
  const lines = seenTexts()
    .filter(({ element }) => !stays(element))
    .flatMap(linesOf)
  lines.sort((one, other) => one.box.top - other.box.top)
  const faults = new Set<string>()
  lines.forEach((line, at) => {
    for (const other of lines.slice(at + 1)) {
      if (other.box.top > line.box.bottom - slack) break
      if (overlap(line, other))
        faults.add(`lie upon each other: ${named(line.element)}, ${named(other.element)}`)
    }
  })
  return [...faults]
}

/** What stays in the window while the rest is scrolled lies above it on purpose; an SVG draws as it wants. */
function stays(element: Element): boolean {
  if (element.closest('svg')) return true
  for (let around: Element | null = element; around; around = around.parentElement)
    if (/fixed|sticky/.test(getComputedStyle(around).position)) return true
  return false
}

function linesOf({ node, element }: { node: Text; element: Element }): Line[] {
  const range = document.createRange()
  range.selectNodeContents(node)
  const shown = shownPart(element)
  return [...range.getClientRects()]
    .filter(
      ({ width, height, bottom, top }) =>
        width > 1 && height > 1 && bottom <= shown.bottom + slack && top >= shown.top - slack,
    )
    .map((box) => ({ element, box }))
}

/** The box outside of which nothing of an element shows. */
function shownPart(element: Element): { readonly top: number; readonly bottom: number } {
  let [top, bottom] = [-Infinity, Infinity]
  for (let around: Element | null = element; around; around = around.parentElement) {
    if (getComputedStyle(around).overflowY === 'visible') continue
    const box = around.getBoundingClientRect()
    if (around === document.body) break
    ;[top, bottom] = [Math.max(top, box.top), Math.min(bottom, box.bottom)]
  }
  return { top, bottom }
}

function overlap(one: Line, other: Line): boolean {
  if (one.element === other.element) return false
  const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left)
  const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top)
  return across > slack && down > slack * 2
}

/** The share of the window's height that stays covered while one scrolls. */
export function covered(): number {
  window.scrollTo(0, document.body.scrollHeight)
  const heights = [...document.querySelectorAll('body *')].filter(isSeen).map((element) => {
    const { position } = getComputedStyle(element)
    const { top, height, width } = element.getBoundingClientRect()
    const there = /fixed|sticky/.test(position) && top <= 1 && width > innerWidth / 2
    return there ? height : 0
  })
  window.scrollTo(0, 0)
  return Math.max(0, ...heights) / innerHeight
}

/** Sets every text as wide as WCAG 2.2 (1.4.12) says it may be set, or as it was. */
export function spread(on: boolean): void {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(
    '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }' +
      'p { margin-bottom: 2em !important }',
  )
  document.adoptedStyleSheets = on ? [sheet] : []
}
