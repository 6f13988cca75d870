import { Controller } from '@hotwired/stimulus'

/** Milliseconds after which the host does not answer. */
const patience = 10_000

/** Opens a page of the content host in a frame, as a course is opened, and says whether it ran. */
export default class extends Controller<HTMLElement> {
  static override targets = ['button', 'said']
  static override values = { address: String, asking: String, reached: String, silent: String }
  declare readonly buttonTarget: HTMLButtonElement
  declare readonly saidTarget: HTMLElement
  declare readonly addressValue: string
  declare readonly askingValue: string
  declare readonly reachedValue: string
  declare readonly silentValue: string
  private frame: HTMLIFrameElement | undefined
  private timer = 0
  private since = 0

  override connect(): void {
    this.buttonTarget.hidden = false
  }

  override disconnect(): void {
    this.end()
  }

  ask(): void {
    this.end()
    this.say(this.askingValue)
    this.since = performance.now()
    window.addEventListener('message', this.heard)
    this.timer = window.setTimeout(() => this.conclude('bad', this.silentValue), patience)
    this.frame = document.createElement('iframe')
    this.frame.hidden = true
    this.frame.title = this.buttonTarget.textContent ?? ''
    this.frame.src = this.addressValue
    this.element.append(this.frame)
  }

  private readonly heard = ({ origin, source, data }: MessageEvent): void => {
    if (source !== this.frame?.contentWindow || data !== 'reached') return
    if (origin !== new URL(this.addressValue).origin) return
    const took = Math.round(performance.now() - this.since)
    this.conclude('good', this.reachedValue.replace('{took}', String(took)))
  }

  private conclude(kind: 'good' | 'bad', text: string): void {
    this.end()
    this.say(text, kind)
  }

  private say(text: string, kind = ''): void {
    this.saidTarget.textContent = text
    this.saidTarget.className = kind ? `notice notice--${kind}` : 'notice'
  }

  private end(): void {
    window.clearTimeout(this.timer)
    window.removeEventListener('message', this.heard)
    this.frame?.remove()
    this.frame = undefined
  }
}
