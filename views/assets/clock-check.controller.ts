import { Controller } from '@hotwired/stimulus'

/** Seconds by which two clocks may differ without anybody noticing. */
const noticed = 5

/** Compares this computer's clock with the server's. */
export default class extends Controller<HTMLElement> {
  static override targets = ['button', 'said']
  static override values = {
    language: String,
    agrees: String,
    ahead: String,
    behind: String,
    failed: String,
  }
  declare readonly buttonTarget: HTMLButtonElement
  declare readonly saidTarget: HTMLElement
  declare readonly languageValue: string
  declare readonly agreesValue: string
  declare readonly aheadValue: string
  declare readonly behindValue: string
  declare readonly failedValue: string

  override connect(): void {
    this.buttonTarget.hidden = false
  }

  ask(): void {
    const before = Date.now()
    fetch(location.pathname, { headers: { accept: 'application/json' } })
      .then(async (answer) => {
        if (!answer.ok) throw new Error(String(answer.status))
        const { clock } = (await answer.json()) as { clock: { server: string } }
        this.compare((before + Date.now()) / 2 - Date.parse(clock.server))
      })
      .catch(() => this.say('bad', this.failedValue))
  }

  private compare(ahead: number): void {
    const seconds = Math.round(Math.abs(ahead) / 1000)
    const text = (ahead < 0 ? this.behindValue : this.aheadValue).replace(
      '{time}',
      this.told(seconds),
    )
    if (seconds < noticed) this.say('good', this.agreesValue)
    else this.say('warn', text)
  }

  /** In the largest unit that says it well. */
  private told(seconds: number): string {
    const [value, unit] = seconds < 120 ? [seconds, 'second'] : [Math.round(seconds / 60), 'minute']
    const style = { style: 'unit', unit, unitDisplay: 'long' } as Intl.NumberFormatOptions
    return new Intl.NumberFormat(this.languageValue, style).format(value as number)
  }

  private say(kind: 'good' | 'warn' | 'bad', text: string): void {
    this.saidTarget.textContent = text
    this.saidTarget.className = `notice notice--${kind}`
  }
}
