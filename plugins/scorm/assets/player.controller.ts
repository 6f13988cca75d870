import { Controller } from '@hotwired/stimulus'
import {
  listen,
  type FromShell,
  type ItemState,
  type SavedState,
  type ToShell,
} from './shell/messages.js'

const longestLeave = 2500
/** No sign-in any more, or somebody else's. */
const signedOut = new Set([401, 403, 404])

/** The page around a course: hands the shell its token, says truthfully what is saved, and leads on or out. */
export default class extends Controller<HTMLElement> {
  static override targets = [
    'frame',
    'saved',
    'item',
    'finished',
    'next',
    'stopped',
    'late',
    'widen',
    'top',
    'signIn',
  ]
  static override values = {
    attempt: String,
    token: String,
    renew: String,
    words: Object,
    language: String,
    minutes: Number,
  }
  declare readonly frameTarget: HTMLIFrameElement
  declare readonly savedTarget: HTMLElement
  declare readonly itemTargets: HTMLElement[]
  declare readonly finishedTarget: HTMLElement
  declare readonly nextTarget: HTMLButtonElement
  declare readonly stoppedTargets: HTMLElement[]
  declare readonly widenTarget: HTMLButtonElement
  declare readonly topTarget: HTMLElement
  declare readonly signInTarget: HTMLElement
  declare readonly lateTarget: HTMLElement & { reload?: () => void }
  declare readonly hasLateTarget: boolean
  declare readonly attemptValue: string
  declare readonly renewValue: string
  declare readonly wordsValue: Readonly<Record<string, string>>
  declare readonly languageValue: string
  declare readonly minutesValue: number
  declare tokenValue: string
  #deaf: (() => void) | undefined
  #renewal: ReturnType<typeof setInterval> | undefined
  #next: number | null = null
  #left: (() => void) | undefined

  override connect(): void {
    // Coming back by the browser's button must open the course anew, not a picture of it.
    window.Turbo.cache.exemptPageFromCache()
    this.#deaf = listen<FromShell>(
      {
        origin: new URL(this.frameTarget.src).origin,
        source: () => this.frameTarget.contentWindow,
        direction: 'from-shell',
      },
      (message) => this.#hear(message),
    )
    // Well before it expires, and again whenever the reader comes back to the page.
    this.#renewal = setInterval(() => void this.#renew(), (this.minutesValue * 60_000) / 3)
  }

  override disconnect(): void {
    this.#deaf?.()
    clearInterval(this.#renewal)
    document.documentElement.classList.remove('scorm-player-is-wide')
  }

  play(event: Event): void {
    event.preventDefault()
    const { sco } = (event.currentTarget as HTMLElement).dataset
    if (sco !== undefined) this.#tell({ type: 'play', sco: Number(sco) })
  }

  goOn(): void {
    this.finishedTarget.hidden = true
    if (this.#next !== null) this.#tell({ type: 'play', sco: this.#next })
  }

  /** The player fills the window, its own buttons with it: there is always a way out. */
  widen(): void {
    const wide = this.element.classList.toggle('is-wide')
    document.documentElement.classList.toggle('scorm-player-is-wide', wide)
    this.widenTarget.setAttribute('aria-pressed', String(wide))
  }

  narrow(): void {
    if (this.element.classList.contains('is-wide')) this.widen()
  }

  /** Leads on to where a link goes once the content has said its last word, or after a moment. */
  async leave(event: Event): Promise<void> {
    event.preventDefault()
    const { href } = event.currentTarget as HTMLAnchorElement
    const left = new Promise<void>((resolve) => (this.#left = resolve))
    this.#tell({ type: 'leave' })
    await Promise.race([left, new Promise((resolve) => setTimeout(resolve, longestLeave))])
    window.Turbo.visit(href)
  }

  /** Work done here is kept; the page begins anew with whatever is current. */
  continueHere(): void {
    window.location.reload()
  }

  async signedInAgain(): Promise<void> {
    if (document.visibilityState === 'visible' && this.savedTarget.dataset.state === 'signed-out') {
      await this.#renew()
    }
  }

  #hear(message: FromShell): void {
    switch (message.type) {
      case 'ready':
        return this.#giveToken()
      case 'renew':
        return void this.#renew()
      case 'out':
        return this.#letOut()
      case 'left':
        return this.#left?.()
      case 'saved':
        return this.#saySaved(message.state, message.at)
      case 'opened':
        return this.#opened(message.sco, message.items)
      case 'finished':
        return this.#finished(message.next)
      case 'stopped':
        return this.#stopped(message.reason)
    }
  }

  #tell(message: ToShell): void {
    this.frameTarget.contentWindow?.postMessage(message, new URL(this.frameTarget.src).origin)
  }

  #giveToken(): void {
    this.#tell({ type: 'token', attempt: this.attemptValue, token: this.tokenValue })
  }

  #letOut(): void {
    this.narrow()
    this.topTarget.focus()
  }

  async #renew(): Promise<void> {
    if (!this.renewValue) return
    const headers = { Accept: 'application/json', 'Content-Type': 'application/json' }
    const request = { method: 'POST', headers, body: '{}' }
    const response = await fetch(this.renewValue, request).catch(() => undefined)
    if (!response) return
    if (response.ok) {
      this.tokenValue = ((await response.json()) as { token: string }).token
      this.#giveToken()
    } else if (signedOut.has(response.status)) {
      this.#saySaved('signed-out', null)
    }
  }

  #saySaved(state: SavedState, at: string | null): void {
    const time = at ? this.#timeOf(at) : ''
    const word = (this.wordsValue[state] ?? '').replace('{time}', time)
    this.signInTarget.hidden = state !== 'signed-out'
    this.savedTarget.dataset.state = state
    // Said again, the same would be read aloud again.
    if (this.savedTarget.textContent !== word) this.savedTarget.textContent = word
  }

  #timeOf(at: string): string {
    const form = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
    return new Intl.DateTimeFormat(this.languageValue, form).format(new Date(at))
  }

  #opened(sco: number, items: readonly ItemState[]): void {
    this.finishedTarget.hidden = true
    if (this.hasLateTarget) this.lateTarget.reload?.()
    for (const element of this.itemTargets) {
      const place = Number(element.dataset.sco)
      const state = items.find((item) => item.sco === place)
      if (place === sco) element.setAttribute('aria-current', 'true')
      else element.removeAttribute('aria-current')
      this.#markItem(element, state)
    }
  }

  #markItem(element: HTMLElement, state: ItemState | undefined): void {
    const shown = state?.success === 'unknown' ? state.completion : (state?.success ?? '')
    element.dataset.state = shown
    const label = element.querySelector('[data-role=state]')
    if (label) label.textContent = this.wordsValue[`item-${shown}`] ?? ''
  }

  #finished(next: number | null): void {
    this.#next = next
    this.nextTarget.hidden = next === null
    this.finishedTarget.hidden = false
  }

  #stopped(reason: 'opened-elsewhere' | 'ended'): void {
    for (const notice of this.stoppedTargets) notice.hidden = notice.dataset.reason !== reason
    this.frameTarget.inert = true
    this.element.classList.add('is-stopped')
  }
}
