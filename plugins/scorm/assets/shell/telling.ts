import type { FromShell, SavedState } from './messages.js'

/** The page lets through twenty messages a second; what is told of saving stays well below. */
const pause = 100

/** Tells the page how saving goes: the latest truth, never twice, never more often than the page would hear. */
export class Telling {
  readonly #tell: (message: FromShell) => void
  #last = ''
  #next: { state: SavedState; at: string | null } | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(tell: (message: FromShell) => void) {
    this.#tell = tell
  }

  saved(state: SavedState, at: string | null): void {
    this.#next = { state, at }
    if (this.#timer === undefined) this.#say()
  }

  #say(): void {
    this.#timer = undefined
    const next = this.#next
    this.#next = undefined
    if (!next || `${next.state} ${next.at}` === this.#last) return
    this.#last = `${next.state} ${next.at}`
    this.#tell({ type: 'saved', ...next })
    this.#timer = setTimeout(() => this.#say(), pause)
  }
}
