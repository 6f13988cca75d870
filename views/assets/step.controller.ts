import { Controller } from '@hotwired/stimulus'

/** Tells that a step was seen, or its video watched to the end, and how long it was before the reader's eyes. */
export default class extends Controller<HTMLFormElement> {
  static override targets = ['seconds']
  static override values = { tells: String }
  declare readonly secondsTarget: HTMLInputElement
  declare readonly tellsValue: string
  private seconds = 0
  private clock = 0

  override connect(): void {
    this.clock = window.setInterval(() => (this.seconds += document.hidden ? 0 : 1), 1000)
    if (this.tellsValue === 'seen') void this.tell(false)
    if (this.tellsValue === 'ended') {
      document.querySelector('video')?.addEventListener('ended', this.ended, { once: true })
    }
  }

  override disconnect(): void {
    window.clearInterval(this.clock)
  }

  count(): void {
    this.secondsTarget.value = String(this.seconds)
  }

  private readonly ended = (): void => this.element.requestSubmit()

  private async tell(done: boolean): Promise<void> {
    const body = new URLSearchParams({ done: String(done), seconds: String(this.seconds) })
    await fetch(this.element.action, {
      method: 'POST',
      body,
      headers: { accept: 'application/json' },
    })
  }
}
