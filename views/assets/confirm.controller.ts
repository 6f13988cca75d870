import { Controller } from '@hotwired/stimulus'

/** Asks before a form that cannot be undone is sent, in the page's own dialog. */
export default class extends Controller<HTMLFormElement> {
  static override targets = ['dialog']
  declare readonly dialogTarget: HTMLDialogElement

  ask(event: SubmitEvent): void {
    if (this.dialogTarget.returnValue === 'yes') return
    event.preventDefault()
    this.dialogTarget.showModal()
  }

  answered(): void {
    if (this.dialogTarget.returnValue === 'yes') this.element.requestSubmit()
  }
}
