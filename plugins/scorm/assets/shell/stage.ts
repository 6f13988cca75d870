import { secondsOf } from '../../runtime/durations.js'
import { installApi, loadApi, removeApi, writableOf, type ApiEvents } from './api.js'
import type { Saver } from './saver.js'
import { seedFor } from './seed.js'
import type { Opened, OpenedItem } from './server.js'
import { offerWayOut } from './way-out.js'

/** What the stage tells the shell. */
export interface StageEvents {
  /** Content has ended by its own word, or asked for another part. */
  finished(request: 'next' | 'previous' | 'exit' | undefined): void
  /** The reader asks, by keyboard, to be let out. */
  out(): void
}

/** Content that would speak has begun to within this time of having loaded. */
const silence = 2000

/** Where one item is played at a time: its API first, then its frame. */
export class Stage {
  readonly #place: HTMLElement
  readonly #base: string
  readonly #saver: Saver
  readonly #events: StageEvents
  #frame: HTMLIFrameElement | undefined
  #item: OpenedItem | undefined
  #spoke = false
  #loadedAt: number | undefined

  constructor(
    { place, base }: { place: HTMLElement; base: string },
    saver: Saver,
    events: StageEvents,
  ) {
    this.#place = place
    this.#base = base
    this.#saver = saver
    this.#events = events
  }

  get item(): OpenedItem | undefined {
    return this.#item
  }

  /** Shows an item: an API seeded with its state is there before its page asks for one. */
  async play({ standard }: Opened, item: OpenedItem): Promise<void> {
    const Api = await loadApi(standard)
    const ledger = this.#saver.ledger(item.sco, writableOf(standard, item))
    const time = standard === '1.2' ? 'core.session_time' : 'session_time'
    const secondsBefore = secondsOf(standard, ledger.value(time) ?? '') ?? 0
    this.#item = item
    this.#spoke = false
    this.#loadedAt = undefined
    const seed = seedFor(standard, item, ledger)
    installApi(Api, { standard, seed, ledger, secondsBefore }, this.#apiEvents(item))
    this.#frame = this.#makeFrame(item)
    this.#place.replaceChildren(this.#frame)
  }

  /** Takes the item away. Its own unloading code runs first, while its API is still there. */
  async leave(): Promise<void> {
    const [frame, item] = [this.#frame, this.#item]
    if (!frame || !item) return
    await blanked(frame)
    this.#closeSilent(item)
    frame.remove()
    removeApi()
    this.#frame = undefined
    this.#item = undefined
  }

  /** The window itself is closing: content that never spoke is done by having been seen. */
  closeSilently(): void {
    if (this.#item) this.#closeSilent(this.#item)
  }

  #closeSilent(item: OpenedItem): void {
    const seen = this.#loadedAt !== undefined && performance.now() - this.#loadedAt > silence
    if (seen && !this.#spoke) this.#saver.leave(item.sco)
  }

  #apiEvents(item: OpenedItem): ApiEvents {
    let request: 'next' | 'previous' | 'exit' | undefined
    return {
      initialized: () => void (this.#spoke = true),
      changed: () => this.#saver.changed(item.sco),
      commit: (final) => this.#saver.commitNow(item.sco, final),
      navigate: (wanted) => void (request = wanted),
      terminated: () => {
        // Content may have a last word to say in its own handlers, and its request comes after its end.
        setTimeout(() => this.#frame && this.#events.finished(request), 50)
      },
    }
  }

  #loaded(item: OpenedItem): void {
    this.#loadedAt = performance.now()
    if (item.kind === 'asset') this.#saver.leave(item.sco)
  }

  #makeFrame(item: OpenedItem): HTMLIFrameElement {
    const frame = document.createElement('iframe')
    frame.className = 'stage__frame'
    frame.title = item.title
    frame.allow = 'autoplay; fullscreen; unload'
    frame.src = `${this.#base}/files/${item.href}`
    frame.addEventListener('load', () => this.#loaded(item), { once: true })
    frame.addEventListener('load', () => {
      if (frame.contentWindow) offerWayOut(frame.contentWindow, () => this.#events.out())
    })
    return frame
  }
}

/** Resolves once the frame's page has been unloaded, or after a second of waiting for it. */
function blanked(frame: HTMLIFrameElement): Promise<void> {
  return new Promise((resolve) => {
    frame.addEventListener('load', () => resolve(), { once: true })
    setTimeout(resolve, 1000)
    frame.src = 'about:blank'
  })
}
