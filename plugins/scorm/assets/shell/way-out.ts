/** The keys that lead out of the content, whatever it does with Tab: Alt and Q. */
const isWayOut = ({ altKey, ctrlKey, metaKey, key, code }: KeyboardEvent): boolean =>
  altKey && !ctrlKey && !metaKey && (key.toLowerCase() === 'q' || code === 'KeyQ')

/** Listens for the way out in a window of content and in every frame below it, before the content itself hears. */
export function offerWayOut(content: Window, out: () => void): void {
  try {
    content.addEventListener(
      'keydown',
      (event) => {
        if (!isWayOut(event)) return
        event.preventDefault()
        event.stopImmediatePropagation()
        out()
      },
      true,
    )
    for (const frame of content.document.querySelectorAll('iframe, frame')) {
      const inner = (): void => {
        const { contentWindow } = frame as HTMLIFrameElement
        if (contentWindow) offerWayOut(contentWindow, out)
      }
      inner()
      frame.addEventListener('load', inner)
    }
  } catch {
    // A frame of another site keeps its keys to itself.
  }
}
