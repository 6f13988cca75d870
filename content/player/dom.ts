type Child = Node | string | false | undefined
type Props = Readonly<
  Record<string, string | number | boolean | undefined | ((event: Event) => void)>
>

/** Makes an element; `onclick` and its like are listeners, `html` is markup made by the builder. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  props: Props = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value)
    else if (name === 'html') element.innerHTML = String(value)
    else if (value === true) element.setAttribute(name, '')
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value))
  }
  element.append(...children.filter((child) => child !== false && child !== undefined))
  return element
}

let counter = 0

/** An id no other element of the page has. */
export function freshId(name: string): string {
  counter += 1
  return `${name}-${counter}`
}

/** Moves focus to something that is not a control, such as a heading. */
export function focusOn(element: HTMLElement): void {
  element.tabIndex = -1
  element.focus({ preventScroll: false })
}

/** Tells a screen reader what sighted people see change. */
export function say(text: string): void {
  const region = document.getElementById('say')
  if (!region) return
  region.textContent = ''
  setTimeout(() => {
    region.textContent = text
  }, 50)
}
