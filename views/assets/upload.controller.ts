import { Controller } from '@hotwired/stimulus'

/** A form with a file: drop it anywhere on the form, see how far it is, stay on the page when it is refused. */
export default class extends Controller<HTMLFormElement> {
  static override targets = ['input', 'progress', 'status', 'drop']
  static override values = { sending: String, checking: String, failed: String }
  declare readonly inputTarget: HTMLInputElement
  declare readonly progressTarget: HTMLProgressElement
  declare readonly statusTarget: HTMLElement
  declare readonly dropTarget: HTMLElement
  declare readonly hasDropTarget: boolean
  declare readonly sendingValue: string
  declare readonly checkingValue: string
  declare readonly failedValue: string

  over(event: DragEvent): void {
    event.preventDefault()
    if (this.hasDropTarget) this.dropTarget.classList.add('is-over')
  }

  leave(): void {
    if (this.hasDropTarget) this.dropTarget.classList.remove('is-over')
  }

  drop(event: DragEvent): void {
    event.preventDefault()
    this.leave()
    if (!event.dataTransfer?.files.length) return
    this.inputTarget.files = event.dataTransfer.files
    this.element.requestSubmit()
  }

  send(event: SubmitEvent): void {
    event.preventDefault()
    const request = new XMLHttpRequest()
    request.open('POST', this.element.action)
    request.setRequestHeader('Accept', 'text/html')
    request.upload.addEventListener('progress', (sent) => this.show(sent))
    request.addEventListener('load', () => this.arrived(request))
    request.addEventListener('error', () => this.say(this.failedValue))
    this.progressTarget.hidden = false
    this.say(this.sendingValue)
    request.send(new FormData(this.element))
  }

  private show({ loaded, total }: ProgressEvent): void {
    this.progressTarget.max = total
    this.progressTarget.value = loaded
    if (loaded === total) this.say(this.checkingValue)
  }

  /** The browser has followed the redirect; its page is shown whole, at its own address. */
  private arrived(request: XMLHttpRequest): void {
    if (request.status < 400) {
      window.Turbo.visit(request.responseURL)
      return
    }
    const page = new DOMParser().parseFromString(request.responseText, 'text/html')
    const main = page.querySelector('main')
    if (!main) return this.say(this.failedValue)
    document.querySelector('main')?.replaceWith(main)
    main.querySelector<HTMLElement>('[role=alert]')?.focus()
  }

  private say(text: string): void {
    this.statusTarget.textContent = text
  }
}
