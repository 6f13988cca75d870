/** Whether somebody sees the element: it is laid out, and neither hidden nor kept for screen readers alone. */
export function isSeen(element: Element): boolean {
  if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false
  return !element.closest('.visually-hidden, .skip:not(:focus)')
}

/** An element as a fault names it. */
export function named(element: Element): string {
  const { tagName, id, className } = element
  const classes = typeof className === 'string' && className ? `.${className.split(' ')[0]}` : ''
  const words = (element.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 30)
  return `${tagName.toLowerCase()}${id ? `#${id}` : classes} “${words}”`
}

/** Every text that is seen, with its element. */
export function seenTexts(): { readonly node: Text; readonly element: Element }[] {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const found: { node: Text; element: Element }[] = []
  while (walker.nextNode()) {
    const node = walker.currentNode as Text
    const element = node.parentElement
    if (!element || !node.data.trim() || /^(SCRIPT|STYLE|NOSCRIPT|OPTION)$/.test(element.tagName))
      continue
    if (isSeen(element)) found.push({ node, element })
  }
  return found
}
