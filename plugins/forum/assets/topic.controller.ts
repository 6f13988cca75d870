import { Controller } from '@hotwired/stimulus'
import { liveSocket } from '../../../views/assets/live.controller.js'

type Frame = HTMLElement & { src: string | null; reload(): Promise<void> }

/** A topic that is open: shows new posts as they come, and notes what was seen. */
export default class extends Controller<HTMLElement> {
  static override targets = ['posts']
  static override values = { room: String, seen: String }
  declare readonly postsTarget: Frame
  declare readonly roomValue: string
  declare readonly seenValue: string

  override connect(): void {
    void this.noteSeen()
    void liveSocket().then((live) => {
      live.on('forum:post', this.refresh)
      live.on('connect', this.join)
      if (live.connected) this.join()
    })
  }

  override disconnect(): void {
    void liveSocket().then((live) => {
      live.off('forum:post', this.refresh)
      live.off('connect', this.join)
      live.emit('leave', this.roomValue)
    })
  }

  readonly join = (): void => {
    void liveSocket().then((live) => live.emit('join', this.roomValue))
  }

  /** Only the posts are drawn again: an answer half written stays as it is. */
  readonly refresh = (): void => {
    this.postsTarget.src ||= location.href
    void this.postsTarget.reload()
    void this.noteSeen()
  }

  private async noteSeen(): Promise<void> {
    if (document.visibilityState === 'hidden') return
    await fetch(this.seenValue, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: '{}',
    }).catch(() => undefined)
  }
}
