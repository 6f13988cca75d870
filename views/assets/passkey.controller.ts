import { Controller } from '@hotwired/stimulus'
import { startAuthentication, startRegistration } from '@simplewebauthn/browser'

/** Asks the device for a passkey, or what one signs, and sends the form with its answer. */
export default class extends Controller<HTMLFormElement> {
  static override targets = ['response', 'status']
  static override values = { options: String, refused: String }
  declare readonly responseTarget: HTMLInputElement
  declare readonly statusTarget: HTMLElement
  declare readonly optionsValue: string
  declare readonly refusedValue: string

  make(event: Event): void {
    this.ask(event, (optionsJSON) => startRegistration({ optionsJSON: optionsJSON as never }))
  }

  use(event: Event): void {
    this.ask(event, (optionsJSON) => startAuthentication({ optionsJSON: optionsJSON as never }))
  }

  private ask(event: Event, answer: (options: unknown) => Promise<unknown>): void {
    if (this.responseTarget.value) return
    event.preventDefault()
    this.statusTarget.textContent = ''
    this.options()
      .then(answer)
      .then((response) => {
        this.responseTarget.value = JSON.stringify(response)
        this.element.requestSubmit()
      })
      .catch(() => void (this.statusTarget.textContent = this.refusedValue))
  }

  private async options(): Promise<unknown> {
    const answer = await fetch(this.optionsValue, {
      method: 'POST',
      body: '{}',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
    })
    if (!answer.ok) throw new Error(String(answer.status))
    return answer.json()
  }
}
