import { Controller } from '@hotwired/stimulus'
import type { Socket } from 'socket.io-client'

interface Toast {
  readonly title: string
  readonly body?: string
  readonly href?: string
}

let socket: Promise<Socket> | undefined

/** The page's one socket, opened after the first paint. Whatever it brings is on the page at the next load as well. */
export function liveSocket(): Promise<Socket> {
  socket ??= import('socket.io-client').then(({ io }) =>
    io({ transports: ['websocket', 'polling'] }),
  )
  return socket
}

/** Shows what sockets bring: a toast, and a count on the inbox. */
export default class extends Controller<HTMLElement> {
  static override targets = ['toasts']
  static override values = { close: String }
  declare readonly toastsTarget: HTMLElement
  declare readonly closeValue: string

  override connect(): void {
    const open = (): void => void liveSocket().then((live) => live.on('toast', this.toast))
    if ('requestIdleCallback' in window) requestIdleCallback(open, { timeout: 2000 })
    else setTimeout(open, 500)
  }

  override disconnect(): void {
    void socket?.then((live) => live.off('toast', this.toast))
  }

  readonly toast = ({ title, body, href }: Toast): void => {
    const box = document.createElement('div')
    box.className = 'toast'
    const text = document.createElement('div')
    const heading = document.createElement(href ? 'a' : 'strong')
    heading.textContent = title
    if (heading instanceof HTMLAnchorElement && href) heading.href = href
    text.append(heading)
    if (body) text.append(Object.assign(document.createElement('p'), { textContent: body }))
    const close = Object.assign(document.createElement('button'), {
      type: 'button',
      className: 'button button--quiet button--small',
      textContent: '×',
    })
    close.setAttribute('aria-label', this.closeValue)
    close.addEventListener('click', () => box.remove())
    box.append(document.createElement('span'), text, close)
    this.toastsTarget.append(box)
    for (const count of document.querySelectorAll<HTMLElement>('[data-live-count]')) raise(count)
  }
}

function raise(count: HTMLElement): void {
  count.hidden = false
  count.textContent = String(Number(count.textContent || 0) + 1)
}
