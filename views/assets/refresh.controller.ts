import { Controller } from '@hotwired/stimulus'
import { liveSocket } from './live.controller.js'

/** Brings the page up to date when a socket says that something on it has changed. */
export default class extends Controller<HTMLElement> {
  static override values = { event: String }
  declare readonly eventValue: string
  private waiting = 0

  override connect(): void {
    void liveSocket().then((live) => live.on(this.eventValue, this.soon))
  }

  override disconnect(): void {
    window.clearTimeout(this.waiting)
    void liveSocket().then((live) => live.off(this.eventValue, this.soon))
  }

  /** Several changes at once are one visit; a page that somebody types in is left alone. */
  private readonly soon = (): void => {
    window.clearTimeout(this.waiting)
    this.waiting = window.setTimeout(() => {
      if (document.activeElement?.closest('form')) return
      window.Turbo.session.refresh(location.href)
    }, 400)
  }
}
